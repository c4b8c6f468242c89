BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'monitor','m001_initial','2026-11-22 23:00:27.401867+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'monitor','m002_kinds','2026-11-22 23:00:27.410226+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'monitor','m003_polite','2026-11-22 23:00:27.434211+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'monitor','m004_extract','2026-11-22 23:00:27.449998+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'monitor','m005_facts','2026-11-22 23:00:27.458854+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'monitor','m006_corrections','2026-11-22 23:00:27.469173+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'monitor','m007_recipes','2026-11-22 23:00:27.477965+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'monitor','m008_digest','2026-11-22 23:00:27.493754+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'monitor','m009_index_terms','2026-11-22 23:00:27.496431+00:00');
CREATE TABLE bands (              -- locality-sensitive hashing: items with an equal band are candidates
  band integer not null, item_id integer not null references items(id), primary key (band, item_id))
  strict, without rowid;
INSERT INTO "bands" VALUES(-9163859842515035396,1);
INSERT INTO "bands" VALUES(-9163859842515035396,2);
INSERT INTO "bands" VALUES(-9134951500081472675,1);
INSERT INTO "bands" VALUES(-9134951500081472675,2);
INSERT INTO "bands" VALUES(-9088014886873583996,1);
INSERT INTO "bands" VALUES(-9088014886873583996,2);
INSERT INTO "bands" VALUES(-9076259605402403618,1);
INSERT INTO "bands" VALUES(-9076259605402403618,2);
INSERT INTO "bands" VALUES(-8960158793611599649,1);
INSERT INTO "bands" VALUES(-8960158793611599649,2);
INSERT INTO "bands" VALUES(-8717370266270362614,1);
INSERT INTO "bands" VALUES(-8717370266270362614,2);
INSERT INTO "bands" VALUES(-8623655716761537068,3);
INSERT INTO "bands" VALUES(-8340550321505471411,3);
INSERT INTO "bands" VALUES(-8327682031869627755,3);
INSERT INTO "bands" VALUES(-8033911279601513354,3);
INSERT INTO "bands" VALUES(-7959448041308040097,1);
INSERT INTO "bands" VALUES(-7959448041308040097,2);
INSERT INTO "bands" VALUES(-7514142069011491074,1);
INSERT INTO "bands" VALUES(-7514142069011491074,2);
INSERT INTO "bands" VALUES(-6845310293886567646,3);
INSERT INTO "bands" VALUES(-6779139853219720143,1);
INSERT INTO "bands" VALUES(-6779139853219720143,2);
INSERT INTO "bands" VALUES(-6735072704212414597,1);
INSERT INTO "bands" VALUES(-6735072704212414597,2);
INSERT INTO "bands" VALUES(-6058708659927562815,1);
INSERT INTO "bands" VALUES(-6058708659927562815,2);
INSERT INTO "bands" VALUES(-5546815822995295144,3);
INSERT INTO "bands" VALUES(-5430198295373480564,1);
INSERT INTO "bands" VALUES(-5430198295373480564,2);
INSERT INTO "bands" VALUES(-5361940103185606494,1);
INSERT INTO "bands" VALUES(-5361940103185606494,2);
INSERT INTO "bands" VALUES(-5358389208364726768,3);
INSERT INTO "bands" VALUES(-4970480818453913431,1);
INSERT INTO "bands" VALUES(-4970480818453913431,2);
INSERT INTO "bands" VALUES(-4247483974918844485,3);
INSERT INTO "bands" VALUES(-4109066099055095266,1);
INSERT INTO "bands" VALUES(-4109066099055095266,2);
INSERT INTO "bands" VALUES(-4045506182139631002,1);
INSERT INTO "bands" VALUES(-4045506182139631002,2);
INSERT INTO "bands" VALUES(-3831598730212062509,3);
INSERT INTO "bands" VALUES(-3704740868389259249,3);
INSERT INTO "bands" VALUES(-3484217920538114634,3);
INSERT INTO "bands" VALUES(-2788450348151568628,3);
INSERT INTO "bands" VALUES(-2697189590478998939,1);
INSERT INTO "bands" VALUES(-2697189590478998939,2);
INSERT INTO "bands" VALUES(-2597142188244709018,3);
INSERT INTO "bands" VALUES(-2592094683133699266,3);
INSERT INTO "bands" VALUES(-2497169117099942531,3);
INSERT INTO "bands" VALUES(-2483114937395551799,3);
INSERT INTO "bands" VALUES(-2429641951634550266,1);
INSERT INTO "bands" VALUES(-2429641951634550266,2);
INSERT INTO "bands" VALUES(-2410144671060214758,3);
INSERT INTO "bands" VALUES(-2400567439154420229,1);
INSERT INTO "bands" VALUES(-2400567439154420229,2);
INSERT INTO "bands" VALUES(-2346584299908077317,1);
INSERT INTO "bands" VALUES(-2346584299908077317,2);
INSERT INTO "bands" VALUES(-2157328666408345914,3);
INSERT INTO "bands" VALUES(-2041976941615258991,3);
INSERT INTO "bands" VALUES(-1917744148532898309,1);
INSERT INTO "bands" VALUES(-1917744148532898309,2);
INSERT INTO "bands" VALUES(-1601003649647485400,3);
INSERT INTO "bands" VALUES(-1514431888023838841,1);
INSERT INTO "bands" VALUES(-1514431888023838841,2);
INSERT INTO "bands" VALUES(-1234113139420403706,1);
INSERT INTO "bands" VALUES(-1234113139420403706,2);
INSERT INTO "bands" VALUES(-972942915608388127,3);
INSERT INTO "bands" VALUES(-953155092951671197,1);
INSERT INTO "bands" VALUES(-953155092951671197,2);
INSERT INTO "bands" VALUES(-818031718548287331,3);
INSERT INTO "bands" VALUES(-807904551118787530,3);
INSERT INTO "bands" VALUES(-719815377164317639,1);
INSERT INTO "bands" VALUES(-719815377164317639,2);
INSERT INTO "bands" VALUES(-424364607389244891,1);
INSERT INTO "bands" VALUES(-424364607389244891,2);
INSERT INTO "bands" VALUES(305581773174880137,3);
INSERT INTO "bands" VALUES(439993059941916711,3);
INSERT INTO "bands" VALUES(609063447764121655,1);
INSERT INTO "bands" VALUES(609063447764121655,2);
INSERT INTO "bands" VALUES(724862322591178267,1);
INSERT INTO "bands" VALUES(724862322591178267,2);
INSERT INTO "bands" VALUES(734331143557059238,3);
INSERT INTO "bands" VALUES(859322907171105880,3);
INSERT INTO "bands" VALUES(872871991381247222,3);
INSERT INTO "bands" VALUES(1393550707062815877,1);
INSERT INTO "bands" VALUES(1393550707062815877,2);
INSERT INTO "bands" VALUES(1480173164988511944,3);
INSERT INTO "bands" VALUES(1556559576608140671,3);
INSERT INTO "bands" VALUES(1757270236206733283,1);
INSERT INTO "bands" VALUES(1757270236206733283,2);
INSERT INTO "bands" VALUES(1801029656253241282,3);
INSERT INTO "bands" VALUES(2141763728617115572,1);
INSERT INTO "bands" VALUES(2141763728617115572,2);
INSERT INTO "bands" VALUES(2655646745663892578,1);
INSERT INTO "bands" VALUES(2655646745663892578,2);
INSERT INTO "bands" VALUES(2768109062268921464,3);
INSERT INTO "bands" VALUES(3442266504596475246,1);
INSERT INTO "bands" VALUES(3442266504596475246,2);
INSERT INTO "bands" VALUES(4055930335311863482,3);
INSERT INTO "bands" VALUES(4164072944778982795,3);
INSERT INTO "bands" VALUES(4392957628721566790,3);
INSERT INTO "bands" VALUES(4398001050593340416,3);
INSERT INTO "bands" VALUES(4638956988013916480,1);
INSERT INTO "bands" VALUES(4638956988013916480,2);
INSERT INTO "bands" VALUES(5180343856277407625,1);
INSERT INTO "bands" VALUES(5180343856277407625,2);
INSERT INTO "bands" VALUES(5617266042516143456,3);
INSERT INTO "bands" VALUES(6003538305249062112,1);
INSERT INTO "bands" VALUES(6003538305249062112,2);
INSERT INTO "bands" VALUES(6564923358434074489,3);
INSERT INTO "bands" VALUES(6829353638077464818,1);
INSERT INTO "bands" VALUES(6829353638077464818,2);
INSERT INTO "bands" VALUES(7021577277660362298,1);
INSERT INTO "bands" VALUES(7021577277660362298,2);
INSERT INTO "bands" VALUES(7425765643549034620,1);
INSERT INTO "bands" VALUES(7425765643549034620,2);
INSERT INTO "bands" VALUES(7438804703526023266,3);
INSERT INTO "bands" VALUES(7960362343326125635,1);
INSERT INTO "bands" VALUES(7960362343326125635,2);
INSERT INTO "bands" VALUES(7984009945373616651,3);
INSERT INTO "bands" VALUES(8592097444557767008,3);
INSERT INTO "bands" VALUES(9026157815077110119,1);
INSERT INTO "bands" VALUES(9026157815077110119,2);
INSERT INTO "bands" VALUES(9054746010338142848,3);
INSERT INTO "bands" VALUES(9204599063467586862,1);
INSERT INTO "bands" VALUES(9204599063467586862,2);
CREATE TABLE blocks (             -- on how many items of an outlet a text block occurs
  outlet_id text not null, block integer not null, items integer not null, primary key (outlet_id, block))
  strict, without rowid;
INSERT INTO "blocks" VALUES('Quay Courier',-2433973301230815537,1);
INSERT INTO "blocks" VALUES('Quay Courier',4763643080019881834,1);
INSERT INTO "blocks" VALUES('The Copy Herald',-2433973301230815537,1);
CREATE TABLE corrections (        -- what a person said about two items; what was taken back stays as a row
  id integer primary key autoincrement, said text not null, item_id integer not null references items(id),
  other_item_id integer not null references items(id), because text, said_at text not null, undone_at text) strict;
CREATE TABLE digest_stories (     -- which stories a digest named, in order
  digest_date text not null references digests(digest_date), position integer not null,
  story_id integer not null references stories(id), items integer not null, headline text, lead_item_id integer,
  primary key (digest_date, position)) strict, without rowid;
INSERT INTO "digest_stories" VALUES('2026-11-20',1,1,2,'Customs seizes 300 kg of cocaine at Port Maren',1);
CREATE TABLE digest_watchlists (  -- which stories of a digest a watchlist found, in order
  digest_date text not null references digests(digest_date), watchlist text not null, story_id integer not null
  references stories(id), position integer not null, primary key (digest_date, watchlist, story_id))
  strict, without rowid;
CREATE TABLE digests (            -- the ledger of digests
  digest_date text primary key, timezone text not null, start_at text not null, end_at text not null,
  written_at text not null, final integer not null, stories integer not null, items integer not null,
  sha256 text not null) strict;
INSERT INTO "digests" VALUES('2026-11-20','Europe/Brussels','2026-11-19T23:00:00Z','2026-11-20T23:00:00Z','2026-11-22T23:00:34Z',1,1,2,'02964c57413344bfa35e5d52aad8810a2cb57e064baf103f7b6f9a1a6cba7eb1');
CREATE TABLE dropped (            -- pieces the relevance stage refused
  id integer primary key, source_id text, outlet_id text not null, external_id text, url text, title text not null,
  score real not null, terms text not null, reason text not null, dropped_at text not null, text text not null default '') strict;
INSERT INTO "dropped" VALUES(1,NULL,'Quay Courier','quay-3','https://quay.example/3','Orchid growers meet in town',0.0,'[]','no term of customs in it','2026-11-22T23:00:27Z','The growers showed orchids to each other.');
CREATE TABLE features (           -- weighted terms of an item, one sparse vector a view
  item_id integer primary key references items(id), day real, vectors blob not null, facts blob, relevance real) strict;
INSERT INTO "features" VALUES(1,2.0777333333333332121e+04,X'130000000400000001000000130000000500000064EEBB03B0B0EF184444321DAC5F9A2CB370B630362E2B32BEDF9B404A87FA4767ADB25FDA85FB636355086EB85E5380B86AA980313C21828BD7FFB9F54FC4C90F9CFEDB0465ACF05052A6FC4444321DB370B630313C21827ACEE9C57F8072D964EEBB03B0B0EF184444321DAC5F9A2CB370B630362E2B32BEDF9B404A87FA4767ADB25FDA85FB636355086EB85E5380B86AA980313C21828BD7FFB9F54FC4C90F9CFEDB0465ACF05052A6FC64EEBB034444321DB370B630DA85FB638BD7FFB9012CF530C3308F33D636012CBC359D31F22FC72E0A349D310A341232D6364432012C54320A3452334139AA344139003C012CF530C3308F33D636012CBC359D31F22FC72E0A349D310A341232D6364432012C54320A344B31713357394B315739',X'0900000009000000000000000000000002000000000000003855BD00143EA403123BDC095E89302C74EE377E7F23A7819DE1F2BF267183C8F4DDC2F43855BD00143EA403123BDC095E89302C74EE377E7F23A7819DE1F2BF267183C8F4DDC2F4745B7985523E79D4463863370B330B330B338C350B330B33F735463863370B330B330B338C350B330B33F735A839A839',8.662);
INSERT INTO "features" VALUES(2,2.07774583333333321202e+04,X'130000000400000001000000130000000500000064EEBB03B0B0EF184444321DAC5F9A2CB370B630362E2B32BEDF9B404A87FA4767ADB25FDA85FB636355086EB85E5380B86AA980313C21828BD7FFB9F54FC4C90F9CFEDB0465ACF05052A6FC4444321DB370B630313C21827ACEE9C57F8072D964EEBB03B0B0EF184444321DAC5F9A2CB370B630362E2B32BEDF9B404A87FA4767ADB25FDA85FB636355086EB85E5380B86AA980313C21828BD7FFB9F54FC4C90F9CFEDB0465ACF05052A6FC64EEBB034444321DB370B630DA85FB638BD7FFB9012CF530C3308F33D636012CBC359D31F22FC72E0A349D310A341232D6364432012C54320A3452334139AA344139003C012CF530C3308F33D636012CBC359D31F22FC72E0A349D310A341232D6364432012C54320A344B31713357394B315739',X'0900000009000000000000000000000002000000000000003855BD00143EA403123BDC095E89302C74EE377E7F23A7819DE1F2BF267183C8F4DDC2F43855BD00143EA403123BDC095E89302C74EE377E7F23A7819DE1F2BF267183C8F4DDC2F4745B7985523E79D4463863370B330B330B338C350B330B33F735463863370B330B330B338C350B330B33F735A839A839',8.662);
INSERT INTO "features" VALUES(3,2.07783333333333321214e+04,X'130000000000000000000000130000000A00000057B0B5041EE39D17376F2B18F450E227443BC52F547E063205ED3241B6DB1B5BB8F25B628BAA5664FF11C67852C3278CCFB1E5A933510FC078E140CCD32EDFDD689347E656FAC2FBD44246FC57B0B5041EE39D17376F2B18F450E227443BC52F547E063205ED3241B6DB1B5BB8F25B628BAA5664FF11C67852C3278CCFB1E5A933510FC078E140CCD32EDFDD689347E656FAC2FBD44246FC376F2B18443BC52F05ED3241B6DB1B5BB8F25B628BAA5664FF11C678CFB1E5A933510FC056FAC2FB243224323335052E24322432B4313335D3347C34B42C24323335243298312432243233352432243224323335052E24322432B4313335D3347C34B42C24323335243298312432243233352432AC35AC353932AC354335E534212DAC35AC35AC35',X'0300000003000000000000000000000000000000000000003855BD007F23A781B75CDEE43855BD007F23A781B75CDEE4D2373439A738D2373439A738',10.587);
CREATE TABLE figures (            -- the figures of an item, with comparable units
  item_id integer not null references items(id), position integer not null, quantity real not null,
  unit text not null, what text not null, sentence text not null,
  primary key (item_id, position)) strict, without rowid;
INSERT INTO "figures" VALUES(1,0,300.0,'kg','cocaine','Customs seizes 300 kg of cocaine at Port Maren');
INSERT INTO "figures" VALUES(2,0,300.0,'kg','cocaine','Customs seizes 300 kg of cocaine at Port Maren');
CREATE TABLE furniture (          -- blocks that an outlet repeats across pages of different kinds
  outlet_id text not null, block integer not null, text text not null, primary key (outlet_id, block))
  strict, without rowid;
CREATE TABLE index_terms (        -- the rare terms of an item (32-bit hashes), by day of publication (0: undated)
  item_id integer primary key references items(id), day integer not null, terms blob not null) strict;
INSERT INTO "index_terms" VALUES(1,20777,X'64EEBB03B0B0EF184444321DAC5F9A2CB370B630362E2B32BEDF9B404A87FA4767ADB25FDA85FB636355086EB85E5380B86AA980313C21828BD7FFB97ACEE9C5F54FC4C97F8072D90F9CFEDB0465ACF05052A6FC');
INSERT INTO "index_terms" VALUES(2,20777,X'64EEBB03B0B0EF184444321DAC5F9A2CB370B630362E2B32BEDF9B404A87FA4767ADB25FDA85FB636355086EB85E5380B86AA980313C21828BD7FFB97ACEE9C5F54FC4C97F8072D90F9CFEDB0465ACF05052A6FC');
INSERT INTO "index_terms" VALUES(3,20778,X'57B0B5041EE39D17376F2B18F450E227443BC52F547E063205ED3241B6DB1B5BB8F25B628BAA5664FF11C67852C3278CCFB1E5A933510FC078E140CCD32EDFDD689347E656FAC2FBD44246FC');
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
  revision integer not null default 1, revised_at text, piece_key text, version_of integer references items(id), purged_at text, purge_reason text, attribution text) strict;
INSERT INTO "items" VALUES(1,'Quay Courier','quay-1',NULL,'https://quay.example/1','Customs seizes 300 kg of cocaine at Port Maren','Customs officers at Port Maren found 300 kilograms of cocaine in a container of bananas on Friday evening. The container was selected for inspection by the risk analysis unit, and two dockers were detained by the police.','e7e3331de904905ed420aa83c16273f5','import',NULL,'en','2026-11-20T08:00:00Z','import',1,'2026-11-20T08:00:00Z','2026-11-22T23:00:27Z','2026-11-20T08:00:00Z','48dce54252c07d957a7425e6d7991e3d',0,0,NULL,8.662,'["customs seizes", "cocaine", "port", "container", "inspection"]','score 8.662 of 3 needed: customs seizes, cocaine, port, container, inspection',1,NULL,'quay.example/1',NULL,NULL,NULL,NULL);
INSERT INTO "items" VALUES(2,'The Copy Herald','herald-1',NULL,'https://herald.example/1','Customs seizes 300 kg of cocaine at Port Maren','Customs officers at Port Maren found 300 kilograms of cocaine in a container of bananas on Friday evening. The container was selected for inspection by the risk analysis unit, and two dockers were detained by the police.','e7e3331de904905ed420aa83c16273f5','import',NULL,'en','2026-11-20T11:00:00Z','import',1,'2026-11-20T11:00:00Z','2026-11-22T23:00:27Z','2026-11-20T11:00:00Z','6ec464d399cd5ab1b71eb6b3f518ca0d',0,0,NULL,8.662,'["customs seizes", "cocaine", "port", "container", "inspection"]','score 8.662 of 3 needed: customs seizes, cocaine, port, container, inspection',1,NULL,'herald.example/1',NULL,NULL,NULL,NULL);
INSERT INTO "items" VALUES(3,'Quay Courier','quay-2',NULL,'https://quay.example/2','海关在港口查获走私香烟','海关人员周六在港口查获两万条走私香烟。','7a3eeef48803451524eee09581718be8','import',NULL,'zh','2026-11-21T08:00:00Z','import',1,'2026-11-21T08:00:00Z','2026-11-22T23:00:27Z','2026-11-21T08:00:00Z','fcce7da11303743fec142ed619cbdd7d',0,0,NULL,10.587,'["海关", "走私", "查获", "港口", "香烟"]','score 10.587 of 3 needed: 海关, 走私, 查获, 港口, 香烟',1,NULL,'quay.example/2',NULL,NULL,NULL,NULL);
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
INSERT INTO "links" VALUES(1,2,0.987656);
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
CREATE TABLE postponed (          -- entries that only their page can decide about, which could not be read yet
  key text primary key, attempts integer not null) strict, without rowid;
CREATE TABLE removed_blocks (     -- page furniture that was taken out of an item's text
  item_id integer not null references items(id), position integer not null, block text not null,
  primary key (item_id, position)) strict, without rowid;
CREATE TABLE reprints (           -- verified copies, each pointing at the earliest piece of its group
  item_id integer primary key references items(id), original_item_id integer not null references items(id),
  kind text not null, jaccard real not null, containment real not null, reason text not null, attribution text) strict;
INSERT INTO "reprints" VALUES(2,1,'reprint',1.0,1.0,'100% of the shorter text''s word triples stand in the other one (Jaccard 1.00), and it was published later',NULL);
CREATE TABLE revisions (          -- earlier texts of items
  item_id integer not null references items(id), revision integer not null, title text not null, text text not null,
  replaced_at text not null, changed text not null default 'edited before edits were described', primary key (item_id, revision)) strict, without rowid;
CREATE TABLE robots (             -- robots.txt of each origin that was asked, until it expires
  origin text primary key, fetched_at text not null, expires_at text not null, verdict text not null,
  text text not null, reason text not null, unreachable_since_at text) strict;
CREATE TABLE runs (               -- one pass or import
  id integer primary key, kind text not null, started_at text not null, ended_at text, note text) strict;
INSERT INTO "runs" VALUES(1,'import','2026-11-22T23:00:27Z','2026-11-22T23:00:29Z','3 new, 1 dropped, 0 bad');
CREATE TABLE series (             -- recurring events
  id integer primary key, key text not null unique, name text not null) strict;
CREATE TABLE settle_queue (       -- items stored since the last settle: a killed pass is settled by the next one
  item_id integer primary key references items(id)) strict;
CREATE TABLE signatures (         -- MinHash signatures; `recipe` names scheme, permutations and shingle rule
  item_id integer primary key references items(id), recipe text not null, shingles integer not null,
  hash_values blob not null) strict;
INSERT INTO "signatures" VALUES(1,'affine32/128/xxh3/word3',35,X'14535807C4383D19A566D10BB610110002C1500596352800A9899E014404010423A04F09244DCC0049783C0B525FEB0097F7C606596A2E061ECB78002CDEFA01F0FCBF043B08E9018405222BFB34100411D5110280CEA504B1A074108D12C80BC636A501175AA0083776E8065A1B1304317D490679CD4406937E980D9607770ABD8EF905CC216D19684A38097AF2D6009F9B5B02723052027C5558079200F905B4D45F01D3001C0756AE84025AEDF006B30406011AAA94053B5A1404F430AA05CEF76D01477FF6106C134901D5322C10A5D93000F64CAA049899EF092922C00BF6B2B002265837046ABBEF0917260B0E23043315D5032B01DF161B0DFEDAB716A195EA02510DCF03FB77FF07A2740806C80CA60322D7D201A172D5014DA6592226F60412B44B3805E022F6025B628804BEE32C08A247EF029FF8F104D6DA78126C6FCC1489A0CE0C281AE30010965D1752768C122756801372C0F513C5DF3700BF6D4300D4A1FF02FA1A030940A1ED03D50ECF11F5B81C06D799F500E112AA0234062400361E0F008141230244E1E8048755F61475DA85000E6B890586FAA105FA7BBD0B6378CF013CA60C017630FC0C3ECB4210749943013CDCA40A85FC5608A1DEBC0C296E5600B218581916218409D74D3C039A3BFC08119BF3066154D90346A59500CC4CC90641A13101894C2207C98C0F004A163E0E5BC16C042BFCA203');
INSERT INTO "signatures" VALUES(2,'affine32/128/xxh3/word3',35,X'14535807C4383D19A566D10BB610110002C1500596352800A9899E014404010423A04F09244DCC0049783C0B525FEB0097F7C606596A2E061ECB78002CDEFA01F0FCBF043B08E9018405222BFB34100411D5110280CEA504B1A074108D12C80BC636A501175AA0083776E8065A1B1304317D490679CD4406937E980D9607770ABD8EF905CC216D19684A38097AF2D6009F9B5B02723052027C5558079200F905B4D45F01D3001C0756AE84025AEDF006B30406011AAA94053B5A1404F430AA05CEF76D01477FF6106C134901D5322C10A5D93000F64CAA049899EF092922C00BF6B2B002265837046ABBEF0917260B0E23043315D5032B01DF161B0DFEDAB716A195EA02510DCF03FB77FF07A2740806C80CA60322D7D201A172D5014DA6592226F60412B44B3805E022F6025B628804BEE32C08A247EF029FF8F104D6DA78126C6FCC1489A0CE0C281AE30010965D1752768C122756801372C0F513C5DF3700BF6D4300D4A1FF02FA1A030940A1ED03D50ECF11F5B81C06D799F500E112AA0234062400361E0F008141230244E1E8048755F61475DA85000E6B890586FAA105FA7BBD0B6378CF013CA60C017630FC0C3ECB4210749943013CDCA40A85FC5608A1DEBC0C296E5600B218581916218409D74D3C039A3BFC08119BF3066154D90346A59500CC4CC90641A13101894C2207C98C0F004A163E0E5BC16C042BFCA203');
INSERT INTO "signatures" VALUES(3,'affine32/128/xxh3/word3',22,X'905C11156B18BE11C89380054EFEAD0001ECDA00CA6E5F051769570A51EE3927C30B2E0F91BA7C0117C99D0791D7E41279145C023BBD9900E01F6A11EA60E400DFD11509ADBB571F812C6B0444B44012CC81F72F1763D60581FA981902ED420D92BD1E009B055405D38264014272C805821FE1047AE2290017C1B62C3F0D061D077B8E0080329125478A380B29429202F7FFE411F8268603E1EE2D15E59D0006F5263807E298E90255316A189FEA5A051C016904F20B7A0575AE1402C3E98A27AA61A601EA272F02C2B213005877890512E2C508AEC0B604AC62F816DD6C020788492A0C19C73808220BF30E22A61D03802D8828844876132BFFB4000C8CD647363D1F09897952121B93B600D476F0033521D20795F79303E9F0D4155964BB028615660FC0274D0F407FB7049C1C4515D2E917120E458302913F0A2B6D013D0058BDEA1154B417024A1A95061CEE8B2909BF88044497590B446EBD16BB819301DC8DA90ACB95C801F9F20007CE85430DD1520A014317440056721F069BB3B90638F923045ABD7124F01DDC0B051C5F0091ED7601B14F380C6E1DC40F0B41B607B47B651857647100787BB016E9CFCA1CB78A5700C0FD3F1915F564046F974103FA47BC024BDB8C13C3C16D149D389000C3D046114BA1590268C85F0F0138AA104A687D0ACB28100C198D900F23574A01EF5FA30D10CC27042762280580600F02');
CREATE TABLE sources (            -- one address polled on a schedule, with how it is doing
  id text primary key, outlet_id text not null references outlets(id), url text not null, kind text not null,
  lang text, official integer not null, trusted integer not null, interval_s integer not null,
  configured integer not null default 1,   -- 0: no longer in the configuration, not polled
  state text not null default 'new', reason text, since_at text, next_check_at text,
  etag text, last_modified text,
  body_hash text,                 -- of the last body parsed with success; null after a failed parse
  failures integer not null default 0, last_polled_at text, last_ok_at text, last_new_at text, moved_to text, match text, pages integer not null default 1, selectors text, max_interval_s integer, obeys_robots integer not null default 1, published_times text not null default '[]', floor_s real not null default 0, wait_s real, wait_reason text, move_target text, move_sightings integer not null default 0) strict;
CREATE TABLE stories (            -- events; an id is for ever
  id integer primary key autoincrement, lead_item_id integer not null references items(id), created_at text not null,
  merged_into integer references stories(id), split_from integer references stories(id),
  series_id integer references series(id), edition text, edition_sort text) strict;
INSERT INTO "stories" VALUES(1,1,'2026-11-22T23:00:28Z',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "stories" VALUES(2,3,'2026-11-22T23:00:28Z',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE story_history (      -- every change of a story, with its reason
  id integer primary key, story_id integer not null references stories(id), at text not null, change text not null,
  item_id integer, other_story_id integer, reason text not null) strict;
INSERT INTO "story_history" VALUES(1,1,'2026-11-22T23:00:28Z','created',1,NULL,'no story of the window is close enough');
INSERT INTO "story_history" VALUES(2,1,'2026-11-22T23:00:28Z','joined',2,NULL,'100% of the shorter text''s word triples stand in the other one (Jaccard 1.00), and it was published later');
INSERT INTO "story_history" VALUES(3,2,'2026-11-22T23:00:28Z','created',3,NULL,'no story of the window is close enough');
CREATE TABLE story_items (        -- each item is in exactly one story
  item_id integer primary key references items(id), story_id integer not null references stories(id),
  role text not null, probability real, reason text not null,
  runner_up_story_id integer references stories(id), runner_up_probability real, runner_up_reason text) strict;
INSERT INTO "story_items" VALUES(1,1,'lead',0.9877,'the earliest piece that is no copy',NULL,NULL,NULL);
INSERT INTO "story_items" VALUES(2,1,'reprint',0.9877,'100% of the shorter text''s word triples stand in the other one (Jaccard 1.00), and it was published later',NULL,NULL,NULL);
INSERT INTO "story_items" VALUES(3,2,'lead',NULL,'no other piece is close enough',NULL,NULL,NULL);
CREATE TABLE story_relations (    -- an act that answers another one: two stories, the later one first
  story_id integer not null references stories(id), follows_story_id integer not null references stories(id),
  item_id integer not null references items(id), follows_item_id integer not null references items(id),
  probability real not null, reason text not null, found_at text not null,
  primary key (story_id, follows_story_id)) strict, without rowid;
CREATE TABLE sweeps (             -- outlets whose items with an id below still hold furniture that was learnt late
  outlet_id text primary key, below integer not null) strict, without rowid;
CREATE TABLE terms (              -- in how many items a term occurs (32-bit hash of the term)
  term integer primary key, items integer not null) strict;
INSERT INTO "terms" VALUES(12408120,3);
INSERT INTO "terms" VALUES(61095444,2);
INSERT INTO "terms" VALUES(62647908,2);
INSERT INTO "terms" VALUES(79016023,1);
INSERT INTO "terms" VALUES(165427986,2);
INSERT INTO "terms" VALUES(396223262,1);
INSERT INTO "terms" VALUES(405499703,1);
INSERT INTO "terms" VALUES(418361520,2);
INSERT INTO "terms" VALUES(489833540,2);
INSERT INTO "terms" VALUES(669143284,1);
INSERT INTO "terms" VALUES(741378398,2);
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
INSERT INTO "terms" VALUES(2117594740,2);
INSERT INTO "terms" VALUES(2152947384,2);
INSERT INTO "terms" VALUES(2158586552,2);
INSERT INTO "terms" VALUES(2175214463,3);
INSERT INTO "terms" VALUES(2183216177,2);
INSERT INTO "terms" VALUES(2239322996,2);
INSERT INTO "terms" VALUES(2351416146,1);
INSERT INTO "terms" VALUES(2850402767,1);
INSERT INTO "terms" VALUES(3120551819,2);
INSERT INTO "terms" VALUES(3220365725,2);
INSERT INTO "terms" VALUES(3222229299,1);
INSERT INTO "terms" VALUES(3320434298,2);
INSERT INTO "terms" VALUES(3364057382,2);
INSERT INTO "terms" VALUES(3385085941,2);
INSERT INTO "terms" VALUES(3426804088,1);
INSERT INTO "terms" VALUES(3564715602,2);
INSERT INTO "terms" VALUES(3648159871,2);
INSERT INTO "terms" VALUES(3690896399,2);
INSERT INTO "terms" VALUES(3722391251,1);
INSERT INTO "terms" VALUES(3839777975,1);
INSERT INTO "terms" VALUES(3863450472,1);
INSERT INTO "terms" VALUES(4037829892,2);
INSERT INTO "terms" VALUES(4106411508,2);
INSERT INTO "terms" VALUES(4223859286,1);
INSERT INTO "terms" VALUES(4232463060,1);
INSERT INTO "terms" VALUES(4238758480,2);
CREATE TABLE week_digests (       -- the ledger of the roll-ups; `week` as in 2026-W47 (ISO 8601)
  week text primary key, written_at text not null, final integer not null, sha256 text not null) strict;
CREATE TABLE weighings (          -- how many items the term counts were made of when all items were last weighed
  id integer primary key check (id = 1), items integer not null) strict;
INSERT INTO "weighings" VALUES(1,3);
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
CREATE INDEX links_by_other on links (other_item_id);
CREATE INDEX stories_by_merged on stories (merged_into) where merged_into is not null;
CREATE INDEX stories_by_series on stories (series_id, edition_sort) where series_id is not null;
CREATE INDEX story_items_by_story on story_items (story_id);
CREATE INDEX story_history_by_story on story_history (story_id);
CREATE INDEX digest_stories_by_story on digest_stories (story_id);
CREATE TRIGGER items_spaceless_ad after delete on items begin
  delete from items_spaceless_fts where rowid = old.id; end;
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
CREATE VIEW v_series as
  select e.id as series_id, e.name as series, s.id as story_id, s.edition, s.edition_sort, l.title as headline,
    lag(s.id) over w as previous_story_id, lead(s.id) over w as next_story_id
  from series e join stories s on s.series_id = e.id join items l on l.id = s.lead_item_id
  where s.merged_into is null window w as (partition by e.id order by s.edition_sort, s.id);
CREATE VIEW v_story_history as
  select h.id as history_id, h.story_id, h.at, h.change, h.item_id, h.other_story_id, h.reason from story_history h;
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
CREATE INDEX items_by_piece on items (outlet_id, piece_key) where piece_key is not null;
CREATE INDEX items_by_version on items (version_of) where version_of is not null;
CREATE VIEW v_sources as
  select s.id as source_id, s.outlet_id, o.name as outlet, o.family, s.url, s.kind, s.official, s.trusted, s.configured,
    s.state, s.reason, s.since_at, s.next_check_at, s.failures, s.last_polled_at, s.last_ok_at, s.last_new_at,
    s.moved_to, (select count(*) from item_sources x where x.source_id = s.id) as items,
    (select count(*) from dropped d where d.source_id = s.id) as dropped, s.obeys_robots, s.interval_s, s.max_interval_s, s.floor_s, s.wait_s, s.wait_reason, s.move_target, s.move_sightings
  from sources s join outlets o on o.id = s.outlet_id;
CREATE VIEW v_runs as
  select r.id as run_id, r.kind, r.started_at as run_started_at, r.ended_at as run_ended_at, r.note, p.source_id,
    p.result, p.http_status, p.reason, p.started_at, p.ended_at, p.entries, p.new, p.revised, p.dropped, p.state
  from runs r left join polls p on p.run_id = r.id;
CREATE VIEW v_revisions as
  select r.item_id, r.revision, r.title, r.text, r.replaced_at, r.changed
  from revisions r;
CREATE VIEW v_removed_blocks as
  select r.item_id, i.outlet_id, i.title, r.position, r.block
  from removed_blocks r join items i on i.id = r.item_id;
CREATE VIEW v_dropped as
  select d.id as dropped_id, d.source_id, d.outlet_id, d.url, d.title, d.score, d.terms, d.reason, d.dropped_at
  from dropped d;
CREATE VIEW v_items as
  select i.id as item_id, i.external_id, i.outlet_id, o.name as outlet, o.family, i.url, i.title, i.text, i.author,
    i.lang, i.published_at, i.published_origin, i.first_seen_at, i.listed_at, i.text_origin, i.page_problem,
    i.relevance, i.relevance_terms, i.revision, s.story_id, s.role, i.version_of, i.purged_at, i.purge_reason, i.attribution
  from items i join outlets o on o.id = i.outlet_id left join story_items s on s.item_id = i.id;
CREATE VIEW v_figures as
  select s.story_id, f.item_id, i.external_id, o.name as outlet, f.quantity, f.unit, f.what, f.sentence
  from figures f join items i on i.id = f.item_id join outlets o on o.id = i.outlet_id
    join story_items s on s.item_id = f.item_id;
CREATE INDEX corrections_by_item on corrections (item_id) where undone_at is null;
CREATE INDEX corrections_by_other on corrections (other_item_id) where undone_at is null;
CREATE INDEX story_relations_by_follows on story_relations (follows_story_id);
CREATE VIEW v_corrections as
  select c.id as correction_id, c.said, c.item_id, c.other_item_id, i.title, o.title as other_title, c.because,
    c.said_at, c.undone_at
  from corrections c join items i on i.id = c.item_id join items o on o.id = c.other_item_id;
CREATE VIEW v_follow_ups as
  select r.story_id, r.follows_story_id, l.title as headline, f.title as follows_headline, r.probability, r.reason,
    r.item_id, r.follows_item_id, r.found_at
  from story_relations r join stories s on s.id = r.story_id join items l on l.id = s.lead_item_id
    join stories e on e.id = r.follows_story_id join items f on f.id = e.lead_item_id;
CREATE VIEW v_reprints as
  select r.item_id, i.external_id, r.original_item_id, o.external_id as original_external_id, r.kind, r.jaccard,
    r.containment, r.reason, i.title, o.title as original_title, r.attribution
  from reprints r join items i on i.id = r.item_id join items o on o.id = r.original_item_id;
CREATE INDEX signatures_by_recipe on signatures (recipe);
CREATE INDEX digest_watchlists_by_name on digest_watchlists (watchlist, digest_date);
CREATE INDEX story_history_by_time on story_history (at);
CREATE INDEX index_terms_by_day on index_terms (day);
PRAGMA writable_schema=OFF;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('stories',2);
COMMIT;
