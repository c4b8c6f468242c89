BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'monitor','m001_initial','2026-11-22 22:59:31.298986+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'monitor','m002_kinds','2026-11-22 22:59:31.308482+00:00');
CREATE TABLE bands (              -- locality-sensitive hashing: items with an equal band are candidates
  band integer not null, item_id integer not null references items(id), primary key (band, item_id))
  strict, without rowid;
INSERT INTO "bands" VALUES(-9156268108538602238,3);
INSERT INTO "bands" VALUES(-9112661895452587457,1);
INSERT INTO "bands" VALUES(-9112661895452587457,2);
INSERT INTO "bands" VALUES(-9068127875505180736,3);
INSERT INTO "bands" VALUES(-9061664282137311709,1);
INSERT INTO "bands" VALUES(-9061664282137311709,2);
INSERT INTO "bands" VALUES(-8424706082980540858,3);
INSERT INTO "bands" VALUES(-8325024762448836091,3);
INSERT INTO "bands" VALUES(-8123817090530354609,3);
INSERT INTO "bands" VALUES(-8000506847138222059,3);
INSERT INTO "bands" VALUES(-7943516141352886844,3);
INSERT INTO "bands" VALUES(-7848148377850742554,1);
INSERT INTO "bands" VALUES(-7848148377850742554,2);
INSERT INTO "bands" VALUES(-7755708205118408597,1);
INSERT INTO "bands" VALUES(-7755708205118408597,2);
INSERT INTO "bands" VALUES(-7538840067471656572,1);
INSERT INTO "bands" VALUES(-7538840067471656572,2);
INSERT INTO "bands" VALUES(-6291372777555781333,1);
INSERT INTO "bands" VALUES(-6291372777555781333,2);
INSERT INTO "bands" VALUES(-6247726231033444324,1);
INSERT INTO "bands" VALUES(-6247726231033444324,2);
INSERT INTO "bands" VALUES(-6037187239737388815,3);
INSERT INTO "bands" VALUES(-5922650698322961437,1);
INSERT INTO "bands" VALUES(-5922650698322961437,2);
INSERT INTO "bands" VALUES(-5831299576160338264,1);
INSERT INTO "bands" VALUES(-5831299576160338264,2);
INSERT INTO "bands" VALUES(-5693925744056368004,3);
INSERT INTO "bands" VALUES(-5558671744431918143,1);
INSERT INTO "bands" VALUES(-5558671744431918143,2);
INSERT INTO "bands" VALUES(-5507140721592263638,3);
INSERT INTO "bands" VALUES(-5315495271319532761,1);
INSERT INTO "bands" VALUES(-5315495271319532761,2);
INSERT INTO "bands" VALUES(-4786880500496416273,1);
INSERT INTO "bands" VALUES(-4786880500496416273,2);
INSERT INTO "bands" VALUES(-4723918208917538206,3);
INSERT INTO "bands" VALUES(-4061984509660519245,1);
INSERT INTO "bands" VALUES(-4061984509660519245,2);
INSERT INTO "bands" VALUES(-3847221849992015178,1);
INSERT INTO "bands" VALUES(-3847221849992015178,2);
INSERT INTO "bands" VALUES(-3819799472432158680,1);
INSERT INTO "bands" VALUES(-3819799472432158680,2);
INSERT INTO "bands" VALUES(-3515111636021452611,1);
INSERT INTO "bands" VALUES(-3515111636021452611,2);
INSERT INTO "bands" VALUES(-2795320615629405880,3);
INSERT INTO "bands" VALUES(-2712414274947807565,3);
INSERT INTO "bands" VALUES(-2710630309389586085,1);
INSERT INTO "bands" VALUES(-2710630309389586085,2);
INSERT INTO "bands" VALUES(-2683529098635352595,3);
INSERT INTO "bands" VALUES(-2512853914640274371,3);
INSERT INTO "bands" VALUES(-2309786968069690587,3);
INSERT INTO "bands" VALUES(-2183306329396455946,1);
INSERT INTO "bands" VALUES(-2183306329396455946,2);
INSERT INTO "bands" VALUES(-2155642362589476762,3);
INSERT INTO "bands" VALUES(-1620011700757244201,3);
INSERT INTO "bands" VALUES(-1419235559973308829,1);
INSERT INTO "bands" VALUES(-1419235559973308829,2);
INSERT INTO "bands" VALUES(-1189357785376035602,3);
INSERT INTO "bands" VALUES(-1050710913010399878,3);
INSERT INTO "bands" VALUES(-751001508056176742,3);
INSERT INTO "bands" VALUES(-118763202142161415,3);
INSERT INTO "bands" VALUES(325994195855621134,3);
INSERT INTO "bands" VALUES(772355703165004757,3);
INSERT INTO "bands" VALUES(1008362571464418767,1);
INSERT INTO "bands" VALUES(1008362571464418767,2);
INSERT INTO "bands" VALUES(1185711546136006736,3);
INSERT INTO "bands" VALUES(1236779065752950361,3);
INSERT INTO "bands" VALUES(1301545974208211286,3);
INSERT INTO "bands" VALUES(1530788595995502804,1);
INSERT INTO "bands" VALUES(1530788595995502804,2);
INSERT INTO "bands" VALUES(1651691185739182297,3);
INSERT INTO "bands" VALUES(2076174549432999707,1);
INSERT INTO "bands" VALUES(2076174549432999707,2);
INSERT INTO "bands" VALUES(2372486663614297751,1);
INSERT INTO "bands" VALUES(2372486663614297751,2);
INSERT INTO "bands" VALUES(2640926515152527707,3);
INSERT INTO "bands" VALUES(2817614801243155117,3);
INSERT INTO "bands" VALUES(2947015375349959719,1);
INSERT INTO "bands" VALUES(2947015375349959719,2);
INSERT INTO "bands" VALUES(3131910906934052095,3);
INSERT INTO "bands" VALUES(3239634639371561977,1);
INSERT INTO "bands" VALUES(3239634639371561977,2);
INSERT INTO "bands" VALUES(3928535555030351175,3);
INSERT INTO "bands" VALUES(4104028503793523577,1);
INSERT INTO "bands" VALUES(4104028503793523577,2);
INSERT INTO "bands" VALUES(4230594448246663323,1);
INSERT INTO "bands" VALUES(4230594448246663323,2);
INSERT INTO "bands" VALUES(4311278317242256526,1);
INSERT INTO "bands" VALUES(4311278317242256526,2);
INSERT INTO "bands" VALUES(4929794909729923383,3);
INSERT INTO "bands" VALUES(5259197451516144042,1);
INSERT INTO "bands" VALUES(5259197451516144042,2);
INSERT INTO "bands" VALUES(5441477023917733898,1);
INSERT INTO "bands" VALUES(5441477023917733898,2);
INSERT INTO "bands" VALUES(5658897104215798368,3);
INSERT INTO "bands" VALUES(5688406164734743050,3);
INSERT INTO "bands" VALUES(5781983948531440623,3);
INSERT INTO "bands" VALUES(6299755662230037991,1);
INSERT INTO "bands" VALUES(6299755662230037991,2);
INSERT INTO "bands" VALUES(6449605041517359239,3);
INSERT INTO "bands" VALUES(6546217327371875541,1);
INSERT INTO "bands" VALUES(6546217327371875541,2);
INSERT INTO "bands" VALUES(6825041212978435301,3);
INSERT INTO "bands" VALUES(6833641120487611429,1);
INSERT INTO "bands" VALUES(6833641120487611429,2);
INSERT INTO "bands" VALUES(6903808636874483827,3);
INSERT INTO "bands" VALUES(6995332453779378062,1);
INSERT INTO "bands" VALUES(6995332453779378062,2);
INSERT INTO "bands" VALUES(6997514872304790228,1);
INSERT INTO "bands" VALUES(6997514872304790228,2);
INSERT INTO "bands" VALUES(7017545375591100175,1);
INSERT INTO "bands" VALUES(7017545375591100175,2);
INSERT INTO "bands" VALUES(7351516352066754008,3);
INSERT INTO "bands" VALUES(7356342919517535007,1);
INSERT INTO "bands" VALUES(7356342919517535007,2);
INSERT INTO "bands" VALUES(7564453823559618757,3);
INSERT INTO "bands" VALUES(8083164864117527216,3);
INSERT INTO "bands" VALUES(8420464440998480583,1);
INSERT INTO "bands" VALUES(8420464440998480583,2);
INSERT INTO "bands" VALUES(8783048317693332241,1);
INSERT INTO "bands" VALUES(8783048317693332241,2);
INSERT INTO "bands" VALUES(8835707170990119971,1);
INSERT INTO "bands" VALUES(8835707170990119971,2);
INSERT INTO "bands" VALUES(8999578499112869915,1);
INSERT INTO "bands" VALUES(8999578499112869915,2);
INSERT INTO "bands" VALUES(9110114807570512532,1);
INSERT INTO "bands" VALUES(9110114807570512532,2);
CREATE TABLE blocks (             -- on how many items of an outlet a text block occurs
  outlet_id text not null, block integer not null, items integer not null, primary key (outlet_id, block))
  strict, without rowid;
INSERT INTO "blocks" VALUES('Quay Courier',-2433973301230815537,1);
INSERT INTO "blocks" VALUES('Quay Courier',4763643080019881834,1);
INSERT INTO "blocks" VALUES('The Copy Herald',-2433973301230815537,1);
CREATE TABLE digest_stories (     -- which stories a digest named, in order
  digest_date text not null references digests(digest_date), position integer not null,
  story_id integer not null references stories(id), items integer not null,
  primary key (digest_date, position)) strict, without rowid;
INSERT INTO "digest_stories" VALUES('2026-11-20',1,1,2);
CREATE TABLE digests (            -- the ledger of digests
  digest_date text primary key, timezone text not null, start_at text not null, end_at text not null,
  written_at text not null, final integer not null, stories integer not null, items integer not null,
  sha256 text not null) strict;
INSERT INTO "digests" VALUES('2026-11-20','Europe/Brussels','2026-11-19T23:00:00Z','2026-11-20T23:00:00Z','2026-11-22T22:59:36Z',1,1,2,'a2631bae60ce6e4e2ed26cb41d0b32c433eb2d7f1100099863fcd503a943ea6d');
CREATE TABLE dropped (            -- pieces the relevance stage refused
  id integer primary key, source_id text, outlet_id text not null, external_id text, url text, title text not null,
  score real not null, terms text not null, reason text not null, dropped_at text not null) strict;
INSERT INTO "dropped" VALUES(1,NULL,'Quay Courier','quay-3','https://quay.example/3','Orchid growers meet in town',0.0,'[]','no term of customs in it','2026-11-22T22:59:31Z');
CREATE TABLE features (           -- weighted terms of an item, one sparse vector a view
  item_id integer primary key references items(id), day real, vectors blob not null) strict;
INSERT INTO "features" VALUES(1,2.0777333333333332121e+04,X'130000000400000001000000130000000500000064EEBB03B0B0EF184444321DAC5F9A2CB370B630362E2B32BEDF9B404A87FA4767ADB25FDA85FB636355086EB85E5380B86AA980313C21828BD7FFB9F54FC4C90F9CFEDB0465ACF05052A6FC4444321DB370B630313C21827ACEE9C57F8072D964EEBB03B0B0EF184444321DAC5F9A2CB370B630362E2B32BEDF9B404A87FA4767ADB25FDA85FB636355086EB85E5380B86AA980313C21828BD7FFB9F54FC4C90F9CFEDB0465ACF05052A6FC64EEBB034444321DB370B630DA85FB638BD7FFB9012CF530C3308F33D636012CBC359D31F22FC72E0A349D310A341232D6364432012C54320A3452334139AA344139003C012CF530C3308F33D636012CBC359D31F22FC72E0A349D310A341232D6364432012C54320A344B31713357394B315739');
INSERT INTO "features" VALUES(2,2.07774583333333321202e+04,X'130000000400000001000000130000000500000064EEBB03B0B0EF184444321DAC5F9A2CB370B630362E2B32BEDF9B404A87FA4767ADB25FDA85FB636355086EB85E5380B86AA980313C21828BD7FFB9F54FC4C90F9CFEDB0465ACF05052A6FC4444321DB370B630313C21827ACEE9C57F8072D964EEBB03B0B0EF184444321DAC5F9A2CB370B630362E2B32BEDF9B404A87FA4767ADB25FDA85FB636355086EB85E5380B86AA980313C21828BD7FFB9F54FC4C90F9CFEDB0465ACF05052A6FC64EEBB034444321DB370B630DA85FB638BD7FFB9012CF530C3308F33D636012CBC359D31F22FC72E0A349D310A341232D6364432012C54320A3452334139AA344139003C012CF530C3308F33D636012CBC359D31F22FC72E0A349D310A341232D6364432012C54320A344B31713357394B315739');
INSERT INTO "features" VALUES(3,2.07783333333333321214e+04,X'130000000000000000000000130000000A00000057B0B5041EE39D17376F2B18F450E227443BC52F547E063205ED3241B6DB1B5BB8F25B628BAA5664FF11C67852C3278CCFB1E5A933510FC078E140CCD32EDFDD689347E656FAC2FBD44246FC57B0B5041EE39D17376F2B18F450E227443BC52F547E063205ED3241B6DB1B5BB8F25B628BAA5664FF11C67852C3278CCFB1E5A933510FC078E140CCD32EDFDD689347E656FAC2FBD44246FC376F2B18443BC52F05ED3241B6DB1B5BB8F25B628BAA5664FF11C678CFB1E5A933510FC056FAC2FB243224323335052E24322432B4313335D3347C34B42C24323335243298312432243233352432243224323335052E24322432B4313335D3347C34B42C24323335243298312432243233352432AC35AC353932AC354335E534212DAC35AC35AC35');
CREATE TABLE item_keys (          -- every name under which a piece is known: GUID, address, title
  key text primary key, item_id integer references items(id), dropped_id integer references dropped(id))
  strict, without rowid;
INSERT INTO "item_keys" VALUES('import:Quay Courier:quay-1',1,NULL);
INSERT INTO "item_keys" VALUES('import:Quay Courier:quay-2',3,NULL);
INSERT INTO "item_keys" VALUES('import:Quay Courier:quay-3',NULL,1);
INSERT INTO "item_keys" VALUES('import:The Copy Herald:herald-1',2,NULL);
CREATE TABLE item_sources (       -- through which sources an item was seen
  item_id integer not null references items(id), source_id text not null references sources(id),
  first_seen_at text not null,
  entry_hash text not null,       -- of the entry as this source last showed it: each outlet page has its own teaser
  primary key (item_id, source_id)) strict, without rowid;
CREATE TABLE items (              -- one published piece at one address
  id integer primary key, outlet_id text not null references outlets(id), external_id text, guid text, url text,
  title text not null, text text not null, text_hash text not null, text_origin text not null,
  author text, lang text,
  published_at text, published_origin text not null, published_has_time integer not null, published_evidence text,
  first_seen_at text not null, listed_at text not null,
  entry_hash text not null, page_pending integer not null, page_attempts integer not null, page_problem text,
  relevance real, relevance_terms text, relevance_reason text,
  revision integer not null default 1, revised_at text) strict;
INSERT INTO "items" VALUES(1,'Quay Courier','quay-1',NULL,'https://quay.example/1','Customs seizes 300 kg of cocaine at Port Maren','Customs officers at Port Maren found 300 kilograms of cocaine in a container of bananas on Friday evening. The container was selected for inspection by the risk analysis unit, and two dockers were detained by the police.','e7e3331de904905ed420aa83c16273f5','import',NULL,'en','2026-11-20T08:00:00Z','import',1,'2026-11-20T08:00:00Z','2026-11-22T22:59:31Z','2026-11-20T08:00:00Z','48dce54252c07d957a7425e6d7991e3d',0,0,NULL,8.662,'["customs seizes", "cocaine", "port", "container", "inspection"]','score 8.662 of 3 needed: customs seizes, cocaine, port, container, inspection',1,NULL);
INSERT INTO "items" VALUES(2,'The Copy Herald','herald-1',NULL,'https://herald.example/1','Customs seizes 300 kg of cocaine at Port Maren','Customs officers at Port Maren found 300 kilograms of cocaine in a container of bananas on Friday evening. The container was selected for inspection by the risk analysis unit, and two dockers were detained by the police.','e7e3331de904905ed420aa83c16273f5','import',NULL,'en','2026-11-20T11:00:00Z','import',1,'2026-11-20T11:00:00Z','2026-11-22T22:59:31Z','2026-11-20T11:00:00Z','6ec464d399cd5ab1b71eb6b3f518ca0d',0,0,NULL,8.662,'["customs seizes", "cocaine", "port", "container", "inspection"]','score 8.662 of 3 needed: customs seizes, cocaine, port, container, inspection',1,NULL);
INSERT INTO "items" VALUES(3,'Quay Courier','quay-2',NULL,'https://quay.example/2','海关在港口查获走私香烟','海关人员周六在港口查获两万条走私香烟。','7a3eeef48803451524eee09581718be8','import',NULL,'zh','2026-11-21T08:00:00Z','import',1,'2026-11-21T08:00:00Z','2026-11-22T22:59:31Z','2026-11-21T08:00:00Z','fcce7da11303743fec142ed619cbdd7d',0,0,NULL,10.587,'["海关", "走私", "查获", "港口", "香烟"]','score 10.587 of 3 needed: 海关, 走私, 查获, 港口, 香烟',1,NULL);
PRAGMA writable_schema=ON;
INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql)VALUES('table','items_fts','items_fts',0,'CREATE VIRTUAL TABLE "items_fts" USING FTS5 (
    "title", "text",
    tokenize=''unicode61 remove_diacritics 2'',
    content="items"
)');
CREATE TABLE 'items_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO "items_fts_config" VALUES('version',4);
CREATE TABLE 'items_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO "items_fts_data" VALUES(1,X'03134B');
INSERT INTO "items_fts_data" VALUES(10,X'000000000103030003010101020101030101');
INSERT INTO "items_fts_data" VALUES(137438953473,X'0000018C0430333030010804010108010161010601010D02076E616C79736973010601011D030164010601011F020174010808010104010762616E616E61730106010110020179010801011A0C0107636F6361696E6501080701010B03076E7461696E6572010801010E0902067573746F6D73010802010102010864657461696E6564010601012302066F636B657273010601012101076576656E696E6701060101130103666F7201060101180303756E6401060101070205726964617901060101120102696E010601010C03087370656374696F6E010601011901026B670102050208696C6F6772616D73010601010901056D6172656E01080A01010601026F66010A0601010A070306666963657273010601010302016E01060101110106706F6C69636501060101260302727401080901010501047269736B010601011C01067365697A657301020303066C656374656401060101170103746865010A010114090C0202776F01060101200104756E6974010601011E0103776173010601011602036572650106010122040B080E08090E090F0F0E0F0D0E0A0A0C090F070F0D0B0D080D0A0B0B0D0C090B0A');
INSERT INTO "items_fts_data" VALUES(274877906945,X'0000018C0430333030020804010108010161020601010D02076E616C79736973020601011D030164020601011F020174020808010104010762616E616E61730206010110020179020801011A0C0107636F6361696E6502080701010B03076E7461696E6572020801010E0902067573746F6D73020802010102010864657461696E6564020601012302066F636B657273020601012101076576656E696E6702060101130103666F7202060101180303756E6402060101070205726964617902060101120102696E020601010C03087370656374696F6E020601011901026B670202050208696C6F6772616D73020601010901056D6172656E02080A01010601026F66020A0601010A070306666963657273020601010302016E02060101110106706F6C69636502060101260302727402080901010501047269736B020601011C01067365697A657302020303066C656374656402060101170103746865020A010114090C0202776F02060101200104756E6974020601011E0103776173020601011602036572650206010122040B080E08090E090F0F0E0F0D0E0A0A0C090F070F0D0B0D080D0A0B0B0D0C090B0A');
INSERT INTO "items_fts_data" VALUES(412316860417,X'000000613730E6B5B7E585B3E4BABAE59198E591A8E585ADE59CA8E6B8AFE58FA3E69FA5E88EB7E4B8A4E4B887E69DA1E8B5B0E7A781E9A699E7839F0306010102071BE59CA8E6B8AFE58FA3E69FA5E88EB7E8B5B0E7A781E9A699E7839F030202043D');
CREATE TABLE 'items_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO "items_fts_docsize" VALUES(1,X'0925');
INSERT INTO "items_fts_docsize" VALUES(2,X'0925');
INSERT INTO "items_fts_docsize" VALUES(3,X'0101');
CREATE TABLE 'items_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO "items_fts_idx" VALUES(1,X'',2);
INSERT INTO "items_fts_idx" VALUES(2,X'',2);
INSERT INTO "items_fts_idx" VALUES(3,X'',2);
INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql)VALUES('table','items_spaceless_fts','items_spaceless_fts',0,'CREATE VIRTUAL TABLE items_spaceless_fts using fts5 (
  title, text, tokenize = "unicode61 remove_diacritics 2 categories ''L* M* N* Co''")');
CREATE TABLE 'items_spaceless_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO "items_spaceless_fts_config" VALUES('version',4);
CREATE TABLE 'items_spaceless_fts_content'(id INTEGER PRIMARY KEY, c0, c1);
INSERT INTO "items_spaceless_fts_content" VALUES(3,' 海 关 在 港 口 查 获 走 私 香 烟',' 海 关 人 员 周 六 在 港 口 查 获 两 万 条 走 私 香 烟 。');
CREATE TABLE 'items_spaceless_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO "items_spaceless_fts_data" VALUES(1,X'010B12');
INSERT INTO "items_spaceless_fts_data" VALUES(10,X'000000000101010001010101');
INSERT INTO "items_spaceless_fts_data" VALUES(137438953473,X'000000B40430E4B887030601010E0301A4030601010D0202BABA03060101040103E585AD03060101070301B303080301010302028FA303080601010A0202919803060101050301A8030601010602029CA80308040101080103E69DA1030601010F02029FA503080701010B0202B5B70308020101020202B8AF0308050101090103E7839F03080C0101130202A78103080A0101110103E88EB703080801010C0202B5B00308090101100103E9A69903080B010112040A08090A090A09080A0A0A0A0A0B0A0B0A');
CREATE TABLE 'items_spaceless_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO "items_spaceless_fts_docsize" VALUES(3,X'0B12');
CREATE TABLE 'items_spaceless_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO "items_spaceless_fts_idx" VALUES(1,X'',2);
CREATE TABLE left_out (           -- whatever a run could not take, with its reason: nothing is dropped in silence
  id integer primary key, run_id integer not null references runs(id), source_id text, what text not null,
  reason text not null) strict;
CREATE TABLE links (              -- pairs of items that may report one event
  item_id integer not null references items(id), other_item_id integer not null references items(id),
  probability real not null, primary key (item_id, other_item_id)) strict, without rowid;
INSERT INTO "links" VALUES(1,2,0.999921759709917);
CREATE TABLE marks (              -- edition marks
  item_id integer not null references items(id), position integer not null, kind text not null, head text not null,
  value text not null, label text not null, place text not null, quote text not null, subject text not null,
  primary key (item_id, position)) strict, without rowid;
CREATE TABLE outlets (            -- publishers and brands; outlets of one family never corroborate each other
  id text primary key, name text not null, family text not null) strict;
INSERT INTO "outlets" VALUES('Quay Courier','Quay Courier','Quay Courier');
INSERT INTO "outlets" VALUES('The Copy Herald','The Copy Herald','The Copy Herald');
CREATE TABLE polls (              -- one poll of one source in a run
  id integer primary key, run_id integer not null references runs(id), source_id text not null references sources(id),
  result text not null, http_status integer, reason text, started_at text not null, ended_at text not null,
  entries integer not null, new integer not null, revised integer not null, dropped integer not null,
  -- the source's condition after the poll, so that a digest can tell how it was on its day
  state text not null, state_reason text, since_at text, last_ok_at text, last_new_at text) strict;
CREATE TABLE postings (           -- the rare terms of an item, by day of publication (0: undated)
  term integer not null, day integer not null, item_id integer not null references items(id),
  primary key (term, day, item_id)) strict, without rowid;
INSERT INTO "postings" VALUES(62647908,20777,1);
INSERT INTO "postings" VALUES(418361520,20777,1);
INSERT INTO "postings" VALUES(489833540,20777,1);
INSERT INTO "postings" VALUES(748314540,20777,1);
INSERT INTO "postings" VALUES(817262771,20777,1);
INSERT INTO "postings" VALUES(841690678,20777,1);
INSERT INTO "postings" VALUES(1083957182,20777,1);
INSERT INTO "postings" VALUES(1207600970,20777,1);
INSERT INTO "postings" VALUES(1605545319,20777,1);
INSERT INTO "postings" VALUES(1677428186,20777,1);
INSERT INTO "postings" VALUES(1846039907,20777,1);
INSERT INTO "postings" VALUES(2152947384,20777,1);
INSERT INTO "postings" VALUES(2158586552,20777,1);
INSERT INTO "postings" VALUES(2183216177,20777,1);
INSERT INTO "postings" VALUES(3120551819,20777,1);
INSERT INTO "postings" VALUES(3320434298,20777,1);
INSERT INTO "postings" VALUES(3385085941,20777,1);
INSERT INTO "postings" VALUES(3648159871,20777,1);
INSERT INTO "postings" VALUES(3690896399,20777,1);
INSERT INTO "postings" VALUES(4037829892,20777,1);
INSERT INTO "postings" VALUES(4238758480,20777,1);
INSERT INTO "postings" VALUES(62647908,20777,2);
INSERT INTO "postings" VALUES(418361520,20777,2);
INSERT INTO "postings" VALUES(489833540,20777,2);
INSERT INTO "postings" VALUES(748314540,20777,2);
INSERT INTO "postings" VALUES(817262771,20777,2);
INSERT INTO "postings" VALUES(841690678,20777,2);
INSERT INTO "postings" VALUES(1083957182,20777,2);
INSERT INTO "postings" VALUES(1207600970,20777,2);
INSERT INTO "postings" VALUES(1605545319,20777,2);
INSERT INTO "postings" VALUES(1677428186,20777,2);
INSERT INTO "postings" VALUES(1846039907,20777,2);
INSERT INTO "postings" VALUES(2152947384,20777,2);
INSERT INTO "postings" VALUES(2158586552,20777,2);
INSERT INTO "postings" VALUES(2183216177,20777,2);
INSERT INTO "postings" VALUES(3120551819,20777,2);
INSERT INTO "postings" VALUES(3320434298,20777,2);
INSERT INTO "postings" VALUES(3385085941,20777,2);
INSERT INTO "postings" VALUES(3648159871,20777,2);
INSERT INTO "postings" VALUES(3690896399,20777,2);
INSERT INTO "postings" VALUES(4037829892,20777,2);
INSERT INTO "postings" VALUES(4238758480,20777,2);
INSERT INTO "postings" VALUES(79016023,20778,3);
INSERT INTO "postings" VALUES(396223262,20778,3);
INSERT INTO "postings" VALUES(405499703,20778,3);
INSERT INTO "postings" VALUES(669143284,20778,3);
INSERT INTO "postings" VALUES(801454916,20778,3);
INSERT INTO "postings" VALUES(839286356,20778,3);
INSERT INTO "postings" VALUES(1093856517,20778,3);
INSERT INTO "postings" VALUES(1528552374,20778,3);
INSERT INTO "postings" VALUES(1650193080,20778,3);
INSERT INTO "postings" VALUES(1683401355,20778,3);
INSERT INTO "postings" VALUES(2026246655,20778,3);
INSERT INTO "postings" VALUES(2351416146,20778,3);
INSERT INTO "postings" VALUES(2850402767,20778,3);
INSERT INTO "postings" VALUES(3222229299,20778,3);
INSERT INTO "postings" VALUES(3426804088,20778,3);
INSERT INTO "postings" VALUES(3722391251,20778,3);
INSERT INTO "postings" VALUES(3863450472,20778,3);
INSERT INTO "postings" VALUES(4223859286,20778,3);
INSERT INTO "postings" VALUES(4232463060,20778,3);
CREATE TABLE postponed (          -- entries that only their page can decide about, which could not be read yet
  key text primary key, attempts integer not null) strict, without rowid;
CREATE TABLE removed_blocks (     -- page furniture that was taken out of an item's text
  item_id integer not null references items(id), position integer not null, block text not null,
  primary key (item_id, position)) strict, without rowid;
CREATE TABLE reprints (           -- verified copies, each pointing at the earliest piece of its group
  item_id integer primary key references items(id), original_item_id integer not null references items(id),
  kind text not null, jaccard real not null, containment real not null, reason text not null) strict;
INSERT INTO "reprints" VALUES(2,1,'reprint',1.0,1.0,'100% of the shorter text''s word triples stand in the other one (Jaccard 1.00), and it was published later');
CREATE TABLE revisions (          -- earlier texts of items
  item_id integer not null references items(id), revision integer not null, title text not null, text text not null,
  replaced_at text not null, primary key (item_id, revision)) strict, without rowid;
CREATE TABLE runs (               -- one pass or import
  id integer primary key, kind text not null, started_at text not null, ended_at text, note text) strict;
INSERT INTO "runs" VALUES(1,'import','2026-11-22T22:59:31Z','2026-11-22T22:59:31Z','3 new, 1 dropped, 0 bad');
CREATE TABLE series (             -- recurring events
  id integer primary key, key text not null unique, name text not null) strict;
CREATE TABLE settle_queue (       -- items stored since the last settle: a killed pass is settled by the next one
  item_id integer primary key references items(id)) strict;
CREATE TABLE signatures (         -- MinHash signatures; `recipe` names scheme, permutations and shingle rule
  item_id integer primary key references items(id), recipe text not null, shingles integer not null,
  hash_values blob not null) strict;
INSERT INTO "signatures" VALUES(1,'affine32/128/xxh32/word3',35,X'B1D03804DF889B0131D01204A80534016B7C7403F8792A0022AABB02C48B0304E9A6990071BF70040E1EF70754962009386E6312CBEA5305199C28012AAC2802DB16C7004561F8105267FA0011355B02112AA304A90BBF017DD1C201F949140315CCAD0A58AE010661195E0AEEF19900554FB9011F111101E2E6D6013077BB0BD139C500FCA20103ACF6E90BC8097B04BEF60C043720B30338D00007EE0FBA06E6384500C14106042E32E00AE64C1F015123AA01C9306202B4875003CACA3704B4A203080D1CF71AC45C260949BC5800292403003A89C3173996C0050F1D7E05E4BDA80B8043ED19FA3EA004A4C98E029821ED0A561D3D005BD4E8066B4AF4107170F90B2D890803AB1D0A19B8525701A14C83068243D40B7690EC060D4DF600448FC8073D0F260302F6F4006CDDA60E7BCC02008E8F6706544FC808D0606C0728CC8B06E6338E13D41F3401DF3A8700DC65D40838C13410FB3DE0062A3C0D00BB6C8D036AABF0018B206E0AE016811CBB9A550E28B7E2051C216B01B796E10047E5E20D1894B3019AB8760D44EEC0264F9DE3014C5B6201FF081F0021A5C407F575E705B13873009AC7B80381C51B0367A3580142FD950352CFD8140CB3090400900D1DC64CDE013F37950DEBD0C90095A6A2041C2D670486B8A1041E44C7030EDC6F05C5CD45023CD6C7005FF8F3049329A801AAD1650447D4C403D79B0607');
INSERT INTO "signatures" VALUES(2,'affine32/128/xxh32/word3',35,X'B1D03804DF889B0131D01204A80534016B7C7403F8792A0022AABB02C48B0304E9A6990071BF70040E1EF70754962009386E6312CBEA5305199C28012AAC2802DB16C7004561F8105267FA0011355B02112AA304A90BBF017DD1C201F949140315CCAD0A58AE010661195E0AEEF19900554FB9011F111101E2E6D6013077BB0BD139C500FCA20103ACF6E90BC8097B04BEF60C043720B30338D00007EE0FBA06E6384500C14106042E32E00AE64C1F015123AA01C9306202B4875003CACA3704B4A203080D1CF71AC45C260949BC5800292403003A89C3173996C0050F1D7E05E4BDA80B8043ED19FA3EA004A4C98E029821ED0A561D3D005BD4E8066B4AF4107170F90B2D890803AB1D0A19B8525701A14C83068243D40B7690EC060D4DF600448FC8073D0F260302F6F4006CDDA60E7BCC02008E8F6706544FC808D0606C0728CC8B06E6338E13D41F3401DF3A8700DC65D40838C13410FB3DE0062A3C0D00BB6C8D036AABF0018B206E0AE016811CBB9A550E28B7E2051C216B01B796E10047E5E20D1894B3019AB8760D44EEC0264F9DE3014C5B6201FF081F0021A5C407F575E705B13873009AC7B80381C51B0367A3580142FD950352CFD8140CB3090400900D1DC64CDE013F37950DEBD0C90095A6A2041C2D670486B8A1041E44C7030EDC6F05C5CD45023CD6C7005FF8F3049329A801AAD1650447D4C403D79B0607');
INSERT INTO "signatures" VALUES(3,'affine32/128/xxh32/word3',22,X'DFE8050820CC770177775E022BD7D9159FA4D2067187710532FBCB12A942BB2FD7DD3F00AFD3091DE99430058EFC3A03F0BC9901D9DFE1062443FA02F82D6A00D710E40807B714125ED803030A99FA02DB190802A1A44103DFAC730F16559D1149D290033C03870C7373D807EEA94F08CD1EEA04218F5F02D91AA00A141D960356620206B012310A357407008C9BDE11F8DAD40659EE3B08CB2D71049AAC1703F0871E01C24A1F0DE005EF08499967050364E504131D25026809ED0B874E732DCE86F90008D2EA01E4A94B02EE13600453366E0528745A0F9B6A6604AEC1BD00E6C45A09E47153017C367701BA99A509884B350751491303DDD5E2095E4AD80605AFDA09C6B46300ECA61603C4DCB114C78ABD2367BDCD05D0493C15D8AF850B40C879197A696B0D9C758D050EF7E51180BD2B016E265E096025E60E99757C022D5B2305593EB9061177D5292684840C8907FE05C605F009F2662610D676BE03DD555E227FFB500288BB36100C2EB80508ACC0051AB7880F78C94707CD3625019A0F0005518F3200C356F70B6247A90065A3A409F0E91D018F3C850DD204F60C9C22D80403BC0405D39AC309401C9F0BE27DC72014CBAD06E8E227068244DF00A98276038E7A3B08117DB4010522F6028C68F321ACA11C0543D6E30C92AAB413CD351201F99C261159DB00074C8B30224AC3C335EC426C1819FEB21DCBEE1601');
CREATE TABLE sources (            -- one address polled on a schedule, with how it is doing
  id text primary key, outlet_id text not null references outlets(id), url text not null, kind text not null,
  lang text, official integer not null, trusted integer not null, interval_s integer not null,
  configured integer not null default 1,   -- 0: no longer in the configuration, not polled
  state text not null default 'new', reason text, since_at text, next_check_at text,
  etag text, last_modified text,
  body_hash text,                 -- of the last body parsed with success; null after a failed parse
  failures integer not null default 0, last_polled_at text, last_ok_at text, last_new_at text, moved_to text, match text, pages integer not null default 1, selectors text) strict;
CREATE TABLE stories (            -- events; an id is for ever
  id integer primary key autoincrement, lead_item_id integer not null references items(id), created_at text not null,
  merged_into integer references stories(id), split_from integer references stories(id),
  series_id integer references series(id), edition text, edition_sort text) strict;
INSERT INTO "stories" VALUES(1,1,'2026-11-22T22:59:31Z',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "stories" VALUES(2,3,'2026-11-22T22:59:31Z',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE story_history (      -- every change of a story, with its reason
  id integer primary key, story_id integer not null references stories(id), at text not null, change text not null,
  item_id integer, other_story_id integer, reason text not null) strict;
INSERT INTO "story_history" VALUES(1,1,'2026-11-22T22:59:31Z','created',1,NULL,'no story of the window is close enough');
INSERT INTO "story_history" VALUES(2,1,'2026-11-22T22:59:31Z','joined',2,NULL,'100% of the shorter text''s word triples stand in the other one (Jaccard 1.00), and it was published later');
INSERT INTO "story_history" VALUES(3,2,'2026-11-22T22:59:31Z','created',3,NULL,'no story of the window is close enough');
CREATE TABLE story_items (        -- each item is in exactly one story
  item_id integer primary key references items(id), story_id integer not null references stories(id),
  role text not null, probability real, reason text not null,
  runner_up_story_id integer references stories(id), runner_up_probability real, runner_up_reason text) strict;
INSERT INTO "story_items" VALUES(1,1,'lead',0.9999,'the earliest piece that is no copy',NULL,NULL,NULL);
INSERT INTO "story_items" VALUES(2,1,'reprint',0.9999,'100% of the shorter text''s word triples stand in the other one (Jaccard 1.00), and it was published later',NULL,NULL,NULL);
INSERT INTO "story_items" VALUES(3,2,'lead',NULL,'no other piece is close enough',NULL,NULL,NULL);
CREATE TABLE terms (              -- in how many items a term occurs (32-bit hash of the term)
  term integer primary key, items integer not null) strict;
INSERT INTO "terms" VALUES(62647908,2);
INSERT INTO "terms" VALUES(79016023,1);
INSERT INTO "terms" VALUES(396223262,1);
INSERT INTO "terms" VALUES(405499703,1);
INSERT INTO "terms" VALUES(418361520,2);
INSERT INTO "terms" VALUES(489833540,2);
INSERT INTO "terms" VALUES(669143284,1);
INSERT INTO "terms" VALUES(748314540,2);
INSERT INTO "terms" VALUES(801454916,1);
INSERT INTO "terms" VALUES(817262771,2);
INSERT INTO "terms" VALUES(839286356,1);
INSERT INTO "terms" VALUES(841690678,2);
INSERT INTO "terms" VALUES(1083957182,2);
INSERT INTO "terms" VALUES(1093856517,1);
INSERT INTO "terms" VALUES(1207600970,2);
INSERT INTO "terms" VALUES(1528552374,1);
INSERT INTO "terms" VALUES(1605545319,2);
INSERT INTO "terms" VALUES(1650193080,1);
INSERT INTO "terms" VALUES(1677428186,2);
INSERT INTO "terms" VALUES(1683401355,1);
INSERT INTO "terms" VALUES(1846039907,2);
INSERT INTO "terms" VALUES(2026246655,1);
INSERT INTO "terms" VALUES(2152947384,2);
INSERT INTO "terms" VALUES(2158586552,2);
INSERT INTO "terms" VALUES(2183216177,2);
INSERT INTO "terms" VALUES(2351416146,1);
INSERT INTO "terms" VALUES(2850402767,1);
INSERT INTO "terms" VALUES(3120551819,2);
INSERT INTO "terms" VALUES(3222229299,1);
INSERT INTO "terms" VALUES(3320434298,2);
INSERT INTO "terms" VALUES(3385085941,2);
INSERT INTO "terms" VALUES(3426804088,1);
INSERT INTO "terms" VALUES(3648159871,2);
INSERT INTO "terms" VALUES(3690896399,2);
INSERT INTO "terms" VALUES(3722391251,1);
INSERT INTO "terms" VALUES(3863450472,1);
INSERT INTO "terms" VALUES(4037829892,2);
INSERT INTO "terms" VALUES(4223859286,1);
INSERT INTO "terms" VALUES(4232463060,1);
INSERT INTO "terms" VALUES(4238758480,2);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX runs_by_time on runs (started_at);
CREATE INDEX polls_by_source on polls (source_id, started_at);
CREATE INDEX polls_by_time on polls (started_at);
CREATE INDEX left_out_by_run on left_out (run_id);
CREATE INDEX items_by_listed on items (listed_at);
CREATE INDEX items_by_outlet on items (outlet_id, listed_at);
CREATE INDEX items_with_pending_page on items (id) where page_pending;
CREATE INDEX items_by_first_seen on items (first_seen_at);
CREATE INDEX items_by_url on items (url) where url is not null;
CREATE INDEX items_by_external on items (external_id) where external_id is not null;
CREATE INDEX dropped_by_time on dropped (dropped_at);
CREATE INDEX dropped_by_source on dropped (source_id);
CREATE INDEX item_keys_by_dropped on item_keys (dropped_id) where dropped_id is not null;
CREATE INDEX item_keys_by_item on item_keys (item_id) where item_id is not null;
CREATE INDEX item_sources_by_source on item_sources (source_id, first_seen_at);
CREATE INDEX reprints_by_original on reprints (original_item_id);
CREATE INDEX features_by_day on features (day);
CREATE INDEX postings_by_item on postings (item_id);
CREATE INDEX links_by_other on links (other_item_id);
CREATE INDEX stories_by_merged on stories (merged_into) where merged_into is not null;
CREATE INDEX stories_by_series on stories (series_id, edition_sort) where series_id is not null;
CREATE INDEX story_items_by_story on story_items (story_id);
CREATE INDEX story_history_by_story on story_history (story_id);
CREATE INDEX digest_stories_by_story on digest_stories (story_id);
CREATE TRIGGER items_spaceless_ad after delete on items begin
  delete from items_spaceless_fts where rowid = old.id; end;
CREATE VIEW v_items as
  select i.id as item_id, i.external_id, i.outlet_id, o.name as outlet, o.family, i.url, i.title, i.text, i.author,
    i.lang, i.published_at, i.published_origin, i.first_seen_at, i.listed_at, i.text_origin, i.page_problem,
    i.relevance, i.relevance_terms, i.revision, s.story_id, s.role
  from items i join outlets o on o.id = i.outlet_id left join story_items s on s.item_id = i.id;
CREATE VIEW v_stories as
  select s.id as story_id, l.title as headline, s.lead_item_id, count(*) as items,
    count(distinct o.family) as outlets, sum(si.role in ('reprint', 'spun')) as copies,
    min(coalesce(i.published_at, i.first_seen_at)) as first_published_at,
    max(coalesce(i.published_at, i.first_seen_at)) as last_published_at,
    group_concat(distinct i.lang) as langs, max(i.listed_at) as last_listed_at,
    e.name as series, s.edition, s.split_from, s.created_at
  from stories s join items l on l.id = s.lead_item_id join story_items si on si.story_id = s.id
    join items i on i.id = si.item_id join outlets o on o.id = i.outlet_id left join series e on e.id = s.series_id
  where s.merged_into is null group by s.id;
CREATE VIEW v_story_items as
  select i.external_id, si.item_id, si.story_id, si.role, si.probability, si.reason, si.runner_up_story_id,
    si.runner_up_probability, si.runner_up_reason, o.name as outlet, i.title, i.url,
    coalesce(i.published_at, i.first_seen_at) as at
  from story_items si join items i on i.id = si.item_id join outlets o on o.id = i.outlet_id;
CREATE VIEW v_reprints as
  select r.item_id, i.external_id, r.original_item_id, o.external_id as original_external_id, r.kind, r.jaccard,
    r.containment, r.reason, i.title, o.title as original_title
  from reprints r join items i on i.id = r.item_id join items o on o.id = r.original_item_id;
CREATE VIEW v_series as
  select e.id as series_id, e.name as series, s.id as story_id, s.edition, s.edition_sort, l.title as headline,
    lag(s.id) over w as previous_story_id, lead(s.id) over w as next_story_id
  from series e join stories s on s.series_id = e.id join items l on l.id = s.lead_item_id
  where s.merged_into is null window w as (partition by e.id order by s.edition_sort, s.id);
CREATE VIEW v_story_history as
  select h.id as history_id, h.story_id, h.at, h.change, h.item_id, h.other_story_id, h.reason from story_history h;
CREATE VIEW v_sources as
  select s.id as source_id, s.outlet_id, o.name as outlet, o.family, s.url, s.kind, s.official, s.trusted, s.configured,
    s.state, s.reason, s.since_at, s.next_check_at, s.failures, s.last_polled_at, s.last_ok_at, s.last_new_at,
    s.moved_to, (select count(*) from item_sources x where x.source_id = s.id) as items,
    (select count(*) from dropped d where d.source_id = s.id) as dropped
  from sources s join outlets o on o.id = s.outlet_id;
CREATE VIEW v_runs as
  select r.id as run_id, r.kind, r.started_at as run_started_at, r.ended_at as run_ended_at, r.note, p.source_id,
    p.result, p.http_status, p.reason, p.started_at, p.ended_at, p.entries, p.new, p.revised, p.dropped
  from runs r left join polls p on p.run_id = r.id;
CREATE VIEW v_digests as
  select d.digest_date, d.timezone, d.start_at, d.end_at, d.written_at, d.final, d.stories, d.items, d.sha256
  from digests d;
CREATE TRIGGER "items_ai" AFTER INSERT ON "items" BEGIN
  INSERT INTO "items_fts" (rowid, "title", "text") VALUES (new.rowid, new."title", new."text");
END;
CREATE TRIGGER "items_ad" AFTER DELETE ON "items" BEGIN
  INSERT INTO "items_fts" ("items_fts", rowid, "title", "text") VALUES('delete', old.rowid, old."title", old."text");
END;
CREATE TRIGGER "items_au" AFTER UPDATE ON "items" BEGIN
  INSERT INTO "items_fts" ("items_fts", rowid, "title", "text") VALUES('delete', old.rowid, old."title", old."text");
  INSERT INTO "items_fts" (rowid, "title", "text") VALUES (new.rowid, new."title", new."text");
END;
PRAGMA writable_schema=OFF;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('stories',2);
COMMIT;
