use std::collections::BTreeMap;
use std::str;

use ring::aead::LessSafeKey;

use super::MessageError;
use super::bytes::Bytes;
use super::suite::Suite;

/// What comes before the frames, in the order in which it is written.
pub(super) struct Header<'a> {
    pub(super) suite: Suite,
    pub(super) message_id: &'a [u8],
    pub(super) context: BTreeMap<&'a str, &'a str>,
    pub(super) data_keys: Vec<DataKey<'a>>,
    /// The length of every frame but the last, which has this or less.
    pub(super) frame_bytes: u32,
    /// What only the one data key leads to, in format 2.
    commitment: &'a [u8],
}

/// The message's data key, as one key of a provider's has encrypted it.
pub(super) struct DataKey<'a> {
    pub(super) provider: &'a [u8],
    /// The provider's name of its key, which is an ARN in KMS.
    pub(super) name: &'a [u8],
    pub(super) encrypted: &'a [u8],
}

/// Cognito writes one; more than a few would be work for nothing.
const MOST_DATA_KEYS: u16 = 8;

/// Customer authenticated encrypted data, the only type of format 1.
const TYPE: u8 = 0x80;

/// The content type of a body of frames.
const FRAMED: u8 = 2;

impl<'a> Header<'a> {
    pub(super) fn read(bytes: &mut Bytes<'a>) -> Result<Self, MessageError> {
        let format = bytes.u8()?;
        if format == 1 && bytes.u8()? != TYPE {
            return Err(MessageError::Malformed("its type is unknown"));
        }
        let suite = Suite::of(format, bytes.u16()?)?;
        let message_id = bytes.take(suite.message_id_bytes())?;
        let context = context(bytes.field()?)?;
        let data_keys = data_keys(bytes)?;
        if bytes.u8()? != FRAMED {
            return Err(MessageError::NotFramed);
        }
        // Reserved bytes, and the length of an initialisation vector.
        if format == 1 && bytes.take(5)? != [0, 0, 0, 0, 12] {
            return Err(MessageError::Malformed("reserved bytes are in use"));
        }
        let frame_bytes = bytes.u32()?;
        if frame_bytes == 0 {
            return Err(MessageError::NotFramed);
        }
        Ok(Self {
            suite,
            message_id,
            context,
            data_keys,
            frame_bytes,
            commitment: bytes.take(suite.commitment_bytes())?,
        })
    }

    /// The key of this message, if the data key is the one that it commits to.
    pub(super) fn key(&self, data_key: &[u8]) -> Result<LessSafeKey, MessageError> {
        self.suite.key(data_key, self.message_id, self.commitment)
    }
}

/// Names and values, after their number.
fn context(field: &[u8]) -> Result<BTreeMap<&str, &str>, MessageError> {
    let mut context = BTreeMap::new();
    if field.is_empty() {
        return Ok(context);
    }
    let mut bytes = Bytes::of(field);
    for _ in 0..bytes.u16()? {
        let [name, value] = [bytes.field()?, bytes.field()?].map(str::from_utf8);
        let (Ok(name), Ok(value)) = (name, value) else {
            return Err(MessageError::Malformed("its context is not text"));
        };
        if context.insert(name, value).is_some() {
            return Err(MessageError::Malformed("its context has a name twice"));
        }
    }
    if bytes.is_at_end() {
        Ok(context)
    } else {
        Err(MessageError::Malformed("more follows after its context"))
    }
}

fn data_keys<'a>(bytes: &mut Bytes<'a>) -> Result<Vec<DataKey<'a>>, MessageError> {
    let count = bytes.u16()?;
    if count > MOST_DATA_KEYS {
        return Err(MessageError::Malformed("it has too many data keys"));
    }
    let keys = (0..count).map(|_| {
        Ok(DataKey {
            provider: bytes.field()?,
            name: bytes.field()?,
            encrypted: bytes.field()?,
        })
    });
    keys.collect()
}
