<?php
// Answers jobs for generators/php.py and generators/engines.py: a JSON object a line in, a JSON text a line out.
// Bytes travel as hexadecimal digits.

const ITOA64 = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** phpass' own base 64: 6 bits at a time, the lowest first. */
function itoa64(string $bytes): string
{
    $text = '';
    foreach (str_split($bytes, 3) as $three) {
        $value = 0;
        foreach (str_split($three) as $place => $byte) {
            $value |= ord($byte) << (8 * $place);
        }
        for ($letters = strlen($three) + 1; $letters > 0; $letters--) {
            $text .= ITOA64[$value & 63];
            $value >>= 6;
        }
    }
    return $text;
}

/** H(salt, password), then 2^n times H(what there is, password). */
function phpass(string $digest, string $password, string $setting): string
{
    $salt = substr($setting, 4, 8);
    $hash = hash($digest, $salt . $password, true);
    for ($left = 1 << strpos(ITOA64, $setting[3]); $left > 0; $left--) {
        $hash = hash($digest, $hash . $password, true);
    }
    $text = substr($setting, 0, 12) . itoa64($hash);
    return $digest === 'sha512' ? substr($text, 0, 55) : $text;
}

/** WordPress 6.8, wp_hash_password(). */
function wordpress(string $password, string $setting): string
{
    $inner = base64_encode(hash_hmac('sha384', trim($password), 'wp-sha384', true));
    return '$wp' . crypt($inner, $setting);
}

function stretched(array $job): string
{
    $hash = hash($job['digest'], hex2bin($job['first']), true);
    for ($left = $job['times']; $left > 0; $left--) {
        $hash = hash($job['digest'], $hash . hex2bin($job['then']), true);
    }
    return bin2hex($hash);
}

function answer(array $job): string
{
    $password = hex2bin($job['password'] ?? '');
    return match ($job['do']) {
        'crypt' => crypt($password, $job['setting']),
        'password_hash' => password_hash($password, $job['algorithm'], $job['options']),
        'wordpress' => wordpress($password, $job['setting']),
        'phpass' => phpass($job['digest'], $password, $job['setting']),
        'drupal-md5' => 'U' . phpass($job['digest'], md5($password), $job['setting']),
        'pbkdf2' => bin2hex(hash_pbkdf2($job['digest'], $password, hex2bin($job['salt']), $job['iterations'], $job['length'], true)),
        'hmac' => hash_hmac($job['digest'], hex2bin($job['message']), hex2bin($job['key'])),
        'stretch' => stretched($job),
    };
}

while (($line = fgets(STDIN)) !== false) {
    echo json_encode(answer(json_decode($line, true, flags: JSON_THROW_ON_ERROR)), JSON_THROW_ON_ERROR), "\n";
}
