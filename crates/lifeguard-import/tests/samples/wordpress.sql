-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: localhost    Database: wordpress
-- ------------------------------------------------------
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET NAMES utf8mb4 */;

DROP TABLE IF EXISTS `wp_usermeta`;
CREATE TABLE `wp_usermeta` (
  `umeta_id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `user_id` bigint(20) unsigned NOT NULL DEFAULT 0,
  `meta_key` varchar(255) DEFAULT NULL,
  `meta_value` longtext DEFAULT NULL,
  PRIMARY KEY (`umeta_id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4;
INSERT INTO `wp_usermeta` VALUES
(1,1,'wp_capabilities','a:1:{s:13:\"administrator\";b:1;}');

DROP TABLE IF EXISTS `wp_users`;
CREATE TABLE `wp_users` (
  `ID` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `user_login` varchar(60) NOT NULL DEFAULT '',
  `user_pass` varchar(255) NOT NULL DEFAULT '',
  `user_nicename` varchar(50) NOT NULL DEFAULT '',
  `user_email` varchar(100) NOT NULL DEFAULT '',
  `user_url` varchar(100) NOT NULL DEFAULT '',
  `user_registered` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `user_activation_key` varchar(255) NOT NULL DEFAULT '',
  `user_status` int(11) NOT NULL DEFAULT 0,
  `display_name` varchar(250) NOT NULL DEFAULT '',
  `spam` tinyint(2) NOT NULL DEFAULT 0,
  `deleted` tinyint(2) NOT NULL DEFAULT 0,
  PRIMARY KEY (`ID`),
  KEY `user_login_key` (`user_login`),
  KEY `user_email` (`user_email`)
) ENGINE=InnoDB AUTO_INCREMENT=6 DEFAULT CHARSET=utf8mb4;
LOCK TABLES `wp_users` WRITE;
/*!40000 ALTER TABLE `wp_users` DISABLE KEYS */;
INSERT INTO `wp_users` VALUES
(1,'ines','$wp$2y$04$DsSwl8uYj0zVpt9dfl0U...vyJIsK3C6vV7FFdzghvaJod825Mlay','ines','ines.falk@example.org','https://ines.example.org','2024-01-01 10:00:00','',0,'Ines \'In\' Falk',0,0),
(2,'jan','$P$5yfA/7RQgY9C3znP1hYaL.C09D2834.','jan','jan.roth@example.com','','2012-01-01 10:00:00','',0,'Jan; (Roth)',0,0),
(3,'mia','a950e4ea5fbc7ea41d3f397acabf2d25','mia','mia.lenz@example.org','','2004-01-01 10:00:00','',0,'mia',0,0),
(4,'spammer','$P$5yfA/7RQgY9C3znP1hYaL.C09D2834.','spammer','win@example.com','','2020-01-01 10:00:00','',0,'Win',1,0),
(5,'tom','$P$5yfA/7RQgY9C3znP1hYaL.C09D2834.','tom','','','2020-01-01 10:00:00','',0,'Tom',0,0);
/*!40000 ALTER TABLE `wp_users` ENABLE KEYS */;
UNLOCK TABLES;
