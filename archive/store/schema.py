"""The tables, made by migrations only: append a step, never edit one that has landed."""

from __future__ import annotations

import sqlite3
import sys
from functools import cache

from archive.packed_html import deflated
from archive.search import index
from archive.sqlite import absent
from archive.store.chronology import put_in_order
from archive.store.identifiers import fill
from archive.store.respelling import respell

with absent("pandas", "numpy"):  # see archive.sqlite.database_on
    from sqlite_utils import Database, Migrations

steps = Migrations("campuswarc")
_SAID = 5000  # rows between two lines of progress


@cache
def known() -> frozenset[str]:
    """Names of all steps of this version: what an empty database has yet to see."""
    return frozenset(step.name for step in steps.pending(Database(memory=True)))


def lacking(connection: sqlite3.Connection) -> str | None:
    """A table or column that the steps this database has seen made, and that it has not; None where it has them all."""
    seen, model = {step.name for step in steps.applied(Database(connection))}, Database(memory=True)
    steps.apply(model, stop_before=known() - seen)
    columns = (
        "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type in ('table', 'view')"
        " order by 1, c.cid"
    )
    held = set(connection.execute(columns))
    return next(
        (
            f"there is no {column} of {table} in it"
            for table, column in model.execute(columns)
            if (table, column) not in held
        ),
        None,
    )


@steps()
def m001_tables(db: Database) -> None:
    """Sites, listings, frontier, captures, articles, versions and what hangs on them."""
    db.executescript("""
        create table sites (
            id text primary key, name text, college text, wikidata text, homepage text, country text, language text,
            family text, timezone text, config text, first_seen text, state text
        );
        create table listings (
            url text primary key, site text not null references sites(id), section text, interval integer,
            state text not null default 'new', reason text, last_tried text, last_ok text, last_new text,
            empty_streak integer not null default 0, total_claimed integer, complete integer not null default 0
        );
        create table frontier (
            id integer primary key, url text not null unique, site text not null, kind text not null,
            state text not null default 'pending', due text, priority integer not null default 0,
            attempts integer not null default 0, reason text, discovered_from text, listing text, hint text, walk text,
            looks integer not null default 0, etag text, last_modified text, article integer references articles(id),
            first_seen text not null, done_at text
        );
        create index frontier_due on frontier(site, priority desc, due, id) where due is not null;
        create index frontier_state on frontier(state, site);
        create index frontier_older on frontier(listing) where kind = 'older' and due is not null;

        create table captures (
            id integer primary key, url text not null, site text not null, kind text not null, fetched_at text not null,
            status integer not null, mime text, record_type text not null, record_id text not null unique,
            warc text not null, offset integer not null, length integer not null, payload_digest text, refers_to text,
            truncated text, tls text, via text, run integer references runs(id)
        );
        create index captures_url on captures(url, fetched_at);
        create index captures_digest on captures(payload_digest) where record_type = 'response';
        create unique index captures_place on captures(warc, offset);

        create table articles (
            id integer primary key, url text not null unique, site text not null, kind text not null,
              title text not null,
            subtitle text not null, published text, published_precision text, updated text, byline text not null,
            authors text not null, editors text not null, photographers text not null, source text not null,
            section text not null, language text, body text not null, body_html text not null, lead_image text,
            word_count integer not null, state text not null default 'live', first_seen text not null,
            last_seen text not null, current_version integer references versions(id),
              near_duplicate_of integer references articles(id),
            confidence real not null
        );
        create index articles_site on articles(site, published desc);
        create index articles_published on articles(published desc);
        create table versions (
            id integer primary key, article integer not null references articles(id), n integer not null,
            capture integer references captures(id), content_digest text not null, title text not null,
              body text not null,
            body_html text not null, extractor text not null, seen_from text not null, seen_to text not null,
            unique (article, n)
        );
        create index versions_capture on versions(capture);
        create table attachments (
            article integer not null references articles(id), n integer not null, url text not null,
              filename text not null,
            embedded integer not null, mime text, size integer, capture integer references captures(id), text text,
            primary key (article, n)
        ) without rowid;
        create index attachments_url on attachments(url);
        create table images (
            article integer not null references articles(id), n integer not null, url text not null,
              caption text not null,
            primary key (article, n)
        ) without rowid;
        create index images_url on images(url);
        create table links (
            article integer not null references articles(id), n integer not null, url text not null, text text not null,
            primary key (article, n)
        ) without rowid;

        create table runs (id integer primary key, begun text not null, ended text, reason text, exit integer,
          counts text);
        create table failures (
            id integer primary key, url text not null, site text not null, run integer references runs(id),
            kind text not null, detail text, at text not null
        );
        create index failures_site on failures(site, at);
        """)


@steps()
def m002_search(db: Database) -> None:
    """The full-text index over articles and their attachments, with the folding table it is made with."""
    index.create(db)


@steps()
def m003_pages(db: Database) -> None:
    """What the web pages look up: the copies of a story, what is gone, the captures of a run."""
    db.executescript("""
        create index articles_near on articles(near_duplicate_of) where near_duplicate_of is not null;
        create index articles_gone on articles(last_seen) where state in ('gone', 'moved');
        create index captures_run on captures(run, status);
        """)


@steps()
def m004_near_duplicates(db: Database) -> None:
    """MinHash signatures of the articles' bodies, and the bands by which likely copies are found."""
    db.executescript("""
        create table near_signatures (article integer primary key references articles(id), digest text not null,
          signature blob);
        create table near_bands (
            band integer not null, value integer not null, article integer not null references articles(id),
            primary key (band, value, article)
        ) without rowid;
        create index near_bands_article on near_bands(article);
        """)


@steps()
def m005_facets(db: Database) -> None:
    """Facets of many articles are counted without reading the articles: 4.6 to 1.1 s for all of 200,000."""
    db.execute("create index articles_facets on articles(site, published, language, section)")


@steps()
def m006_parts(db: Database) -> None:
    """The pages of stories that are told on several, each with the capture it was read from."""
    db.executescript("""
        create table parts (
            version integer not null references versions(id), n integer not null, url text not null,
            capture integer references captures(id), digest text, extractor text, seen text,
            body text not null, body_html text not null, holds text not null,
            primary key (version, n)
        ) without rowid;
        create index parts_url on parts(url);
        """)


@steps()
def m007_unread(db: Database) -> None:
    """Captures whose rows were still to be made at the last commit, so that a run that follows a killed one makes
    them."""
    db.execute("create table unread (capture integer primary key)")


@steps()
def m008_near_texts(db: Database) -> None:
    """Near-duplicates by distinct text instead of by article, with a queue of what is to be looked at: all of it, once
    more.

    No foreign keys: an article that is deleted is in the queue until its turn comes.
    """
    db.executescript("""
        drop table near_bands;
        drop table near_signatures;
        create table near_queue (article integer primary key, signature blob);
        create table near_signatures (article integer primary key, text integer, first_seen text, original integer);
        create index near_signatures_text on near_signatures(text, first_seen);
        create table near_texts (id integer primary key, signature blob not null unique, article integer not null,
          first_seen text not null);
        create table near_bands (band integer not null, since integer not null, text integer not null,
          primary key (band, since, text)) without rowid;
        create table near_method (method text not null);
        insert into near_queue (article) select id from articles;
        insert into near_signatures (article, original)
          select id, near_duplicate_of from articles where near_duplicate_of is not null;
        create trigger near_new after insert on articles begin
            insert or replace into near_queue (article) values (new.id);
        end;
        create trigger near_changed after update of body, first_seen on articles when old.body != new.body
          or old.first_seen != new.first_seen begin
            insert or replace into near_queue (article) values (new.id);
        end;
        """)


@steps()
def m009_index_in_memory(db: Database) -> None:
    """The search index gathers the words of a whole commit in memory (8 MB): a third less work than in pieces of 1
    MB."""
    db.execute("insert into articles_fts(articles_fts, rank) values ('hashsize', 8388608)")


@steps()
def m010_runs_begun(db: Database) -> None:
    """How a run began: whether it reads listings to their end, and the record that holds its configuration.

    So what it recorded is taken in the same way when it was killed before that was done.
    """
    for column in ("whole integer not null default 0", "warc text", "offset integer"):
        db.execute(f"alter table runs add column {column}")


@steps()
def m011_merge_rarely(db: Database) -> None:
    """Sixteen pieces of the search index are merged at a time instead of four: a sixth less work for each story.

    Searches take as long, since they read the same postings. Big pieces are merged bit by bit; only 24 are merged at
    once.
    """
    for name, value in (("automerge", 16), ("crisismerge", 24)):
        db.execute("insert into articles_fts(articles_fts, rank) values (?, ?)", [name, value])


@steps()
def m012_words_once(db: Database) -> None:
    """What a story says now is kept once, in the row of its article: a third less to write, and of the file.

    `version_rows` has the words of versions that are no more; the view `versions` those of all.
    """
    db.executescript("""
        create table new_versions (
            id integer primary key, article integer not null references articles(id), n integer not null,
            capture integer references captures(id), content_digest text not null, title text, body text,
              body_html text,
            extractor text not null, seen_from text not null, seen_to text not null,
            unique (article, n)
        );
        insert into new_versions
            select v.id, v.article, v.n, v.capture, v.content_digest, iif(same, null, v.title),
              iif(same, null, v.body), iif(same, null, v.body_html),
                   v.extractor, v.seen_from, v.seen_to
            from (select v.*, v.id is a.current_version and v.title = a.title and v.body = a.body
              and v.body_html = a.body_html as same
                  from versions v left join articles a on a.id = v.article) v;
        drop table versions;
        alter table new_versions rename to versions;  -- so that what refers to it follows the next line
        alter table versions rename to version_rows;
        create index versions_capture on version_rows(capture);
        create view versions as
            select v.id, v.article, v.n, v.capture, v.content_digest, coalesce(v.title, a.title) as title,
              coalesce(v.body, a.body) as body,
                   coalesce(v.body_html, a.body_html) as body_html, v.extractor, v.seen_from, v.seen_to
            from version_rows v left join articles a on a.id = v.article;
        """)


@steps()
def m019_unfollowed(db: Database) -> None:
    """What is known to be missing of a listing, and how it looks when it is well, so that a change for the worse is
    seen.

    Nothing is known of the listings of an older archive until each is read again.
    """
    for column in (
        "unfollowed text",
        "doubt text",
        "loops integer not null default 0",
        "pages integer not null default 0",
        "dated integer",
        "cut integer",
    ):
        db.execute(f"alter table listings add column {column}")


@steps()
def m015_many_sites(db: Database) -> None:
    """What the pages and `status` sum by site is in indexes: without them they read every article, or every listing
    once a site.

    Listings that a merge, or an absence from sites.toml, had made new again though their last reading was a good one
    are well.
    """
    db.executescript("""
        create index listings_site on listings(site);
        create index articles_gone_site on articles(site, state, last_seen) where state in ('gone', 'moved');
        create index attachments_captured on attachments(capture) where capture is not null;
        create index failures_run on failures(run);
        create index failures_hosts on failures(site, url, at) where kind = 'host_failed';
        update listings set state = 'ok' where state = 'new' and last_ok = last_tried and not empty_streak;
        """)


@steps()
def m018_addresses_as_browsers_write_them(db: Database) -> None:
    """Addresses in the spelling of `archive.address`; documents that were refused for the spelling of theirs are
    due."""
    respell(db)


@steps()
def m014_guests_by_their_bytes(db: Database) -> None:
    """Rows of files of other tools say what their bytes are and when they were recorded, and not what the tools
    stated."""
    from archive.store.restating import restate  # reads WARC files, which other steps do not

    restate(db)


@steps()
def m017_spelling(db: Database) -> None:
    """The search index by the spelling people type: ligatures, NFD, half-width kana, marks of Arabic, Thai and Hindi
    words whole.

    Made anew, minutes for a large archive; says on stderr how far it is.
    """
    index.renew(db)


@steps()
def m016_suspects(db: Database) -> None:
    """What a look found and was not believed: held back until it is confirmed, with what is needed to tell and to undo
    it."""
    db.executescript(
        """
        alter table frontier add column gist integer;
        create index frontier_gist on frontier(site, gist) where gist is not null;
        create table suspects (
            url text primary key, site text not null, place text not null, listing text, kind text not null,
              reason text not null, run integer,
            gist integer, capture integer references captures(id), title text not null, words integer not null,
              bare integer not null,
            since text not null, seen text not null, looks integer not null, counted text not null
        ) without rowid;
        create index suspects_site on suspects(site, place);
        create table changes (
            url text primary key, site text not null, place text not null, listing text, kind text not null,
              run integer,
            gist integer, capture integer references captures(id), title text not null, words integer not null,
              bare integer not null,
            at text not null, looks integer not null, before text not null
        ) without rowid;
        create index changes_site on changes(site, place, run);
        create table tallies (
            site text not null, place text not null, run integer not null, well integer not null default 0,
              lost integer not null default 0,
            changed integer not null default 0, listed integer not null default 0, unlisted integer not null default 0,
              most integer not null default 0,
            primary key (site, place)
        ) without rowid;
        create table believed (site text not null, what text not null, at text not null,
          primary key (site, what)) without rowid;
        """
    )


@steps()
def m020b_public_identifiers(db: Database) -> None:
    """What is public of an article is made of its address; the numbers of rows, public until now, are kept as they are.

    Stands before the step that makes one row of two.
    """
    db.execute(
        "create table identifiers (identifier text not null, url text not null, primary key (identifier, url))"
        " without rowid"
    )
    db.execute("create table former_numbers (number integer primary key, url text not null)")
    fill(db)


@steps()
def m016b_moved_stories_joined(db: Database) -> None:
    """A story that has moved is one row with one history, at its new address; until now it was two."""
    from archive.store.joining import join_moved  # what compares stories, which other steps do not

    join_moved(db)


@steps()
def m015_when_due(db: Database) -> None:
    """What comes due next, and of which sites, is known without asking for each site."""
    db.execute("create index frontier_when on frontier(due, site) where due is not null")


@steps()
def m020_versions_in_order_of_time(db: Database) -> None:
    """Versions count in order of time; until now an older recording that came later had the highest number."""
    db.execute(
        "create table former_versions (url text not null, n integer not null, seen text not null, primary key (url, n))"
        " without rowid"
    )
    put_in_order(db)


@steps()
def m022_news_days(db: Database) -> None:
    """On which days each listing had news, by which it is looked at again. Of before, the days after that on which its
    first stories were found."""
    db.executescript("""
        create table news_days (listing text not null, day text not null, looks integer not null,
          stories integer not null, primary key (listing, day)) without rowid;
        insert into news_days
            select f.listing, substr(f.first_seen, 1, 10) as day, 1, count(*) from frontier f
            join frontier first on first.url = f.listing
            where f.kind = 'article' and substr(f.first_seen, 1, 10) > substr(first.first_seen, 1, 10)
              and f.first_seen > (select date(max(first_seen), '-400 days') from frontier)
            group by f.listing, day;
        """)


@steps()
def m025_rights(db: Database) -> None:
    """What pages, answers and files of hosts say of rights. Of what was read before it is not known until a rebuild
    reads it again; files of hosts are read at the end of the next crawl."""
    db.executescript("""
        alter table articles add column rights text not null default '[]';
        alter table captures add column rights text;
        create index articles_rights on articles(rights) where rights != '[]';
        create index captures_robots on captures(url, fetched_at) where kind = 'robots';
        create table host_rights (url text primary key, origin text not null, digest text, said text not null)
          without rowid;
        create index host_rights_origin on host_rights(origin);
        """)


@steps()
def m021_withheld(db: Database) -> None:
    """What is not to be shown: every address, site and record that an order names, with its depth, reason and end."""
    db.execute(
        "create table withheld (kind text not null, name text not null, asked text not null, depth text not null,"
        " reason text not null, by text not null, since text not null, until text, primary key (kind, name))"
        " without rowid"
    )
    db.execute("create index withheld_asked on withheld(asked)")


@steps()
def m031_dismissed(db: Database) -> None:
    """What a person has said is no sign of more than a listing shows."""
    db.execute("alter table listings add column dismissed text")


@steps()
def m028_doubtful(db: Database) -> None:
    """Stories whose bodies the reader is not sure of are counted, and listed from the least sure, by an index of these
    alone."""
    db.execute("create index articles_doubtful on articles(confidence, id, site) where confidence < 0.8")


@steps()
def m029_corrections(db: Database) -> None:
    """What a person says of a reading, each with the record that holds it."""
    db.executescript("""
        create table corrections (record_id text primary key, warc text not null, url text not null, site text not null,
          capture text not null, at text not null, said text not null) without rowid;
        create index corrections_capture on corrections(capture);
        create index corrections_url on corrections(url);
        """)


@steps()
def m033_untold(db: Database) -> None:
    """How far rows tell of each WARC file that is being written, and of which records they do not tell yet."""
    db.execute(
        "create table untold (warc text not null, start integer not null, stop integer, primary key (warc, start))"
        " without rowid"
    )


@steps()
def m034_own_network(db: Database) -> None:
    """What says of a run that our own network failed."""
    db.execute("alter table runs add column network text")
    db.execute("create index runs_network on runs(id) where network is not null")


@steps()
def m035_captions(db: Database) -> None:
    """What stands below pictures is searched too. The index is made anew, minutes for a large archive."""
    index.renew(db)


@steps()
def m033b_deaths(db: Database) -> None:
    """When each story was held to be deleted. Of before, where a capture says so and another one of its site, in that
    run, that the site was not in trouble; a rebuild knows those too whose run recorded nothing else."""
    db.executescript("""
        create table deaths (article integer not null references articles(id), at text not null,
          primary key (article, at)) without rowid;
        insert or ignore into deaths
            select a.id, c.fetched_at from captures c join articles a on a.url = c.url
            where c.id in (select id from captures where status in (404, 410)) and c.kind = 'article'
              and a.first_seen < c.fetched_at and exists (select 1 from captures w where w.run = c.run
                and w.site = c.site and w.status in (200, 304) and w.kind in ('article', 'listing'));
        """)


@steps()
def m040_entered(db: Database) -> None:
    """Which text the rows of `sites` were last made of, where the writer has said: who looks into an archive of ten
    thousand sites need not read all of sites.toml again. Not known until the next crawl."""
    db.execute("create table entered (sha256 text not null)")


@steps()
def m042_twins(db: Database) -> None:
    """Chinese stories and the English ones that tell the same, by address, as they were last looked for."""
    db.execute(
        "create table twins (chinese text primary key, english text not null unique, confidence real not null,"
        " evidence text not null) without rowid"
    )


@steps()
def m041_going_on(db: Database) -> None:
    """How a run left the file that the next one may go on with."""
    db.executescript("alter table untold add column tail text; alter table untold add column inode text;")


@steps()
def m036_gaps(db: Database) -> None:
    """What of a listing stays unread since a walk broke off, or since it shows nothing that it had shown. Nothing is
    known of before."""
    db.execute("alter table listings add column gap text")
    db.execute("alter table listings add column gap_since text")


@steps()
def m042b_entities(db: Database) -> None:
    """What stories name, as `entities --find` last read it, and of which text by which model or rules."""
    db.executescript("""
        create table entity_names (id integer primary key, kind text not null, name text not null, key text not null,
          shown integer not null default 0, unique (kind, name));
        create table entities (article integer not null, name integer not null, office text not null,
          n integer not null, sure integer not null, primary key (article, name)) without rowid;
        create index entities_name on entities(name, article);
        create table entities_read (article integer primary key, digest text not null, method text not null);
        create trigger entities_gone after delete on articles begin
            delete from entity_names where id in (select name from entities where article = old.id) and not exists (
              select 1 from entities e where e.name = entity_names.id and e.article != old.id);
            delete from entities where article = old.id;
            delete from entities_read where article = old.id;
        end;
        """)


@steps()
def m042c_twins_follow(db: Database) -> None:
    """A pair goes with its stories: to a new address, and out with one that is taken out."""
    db.executescript("""
        create trigger twins_moved after update of url on articles when old.url != new.url begin
            update or replace twins set chinese = new.url where chinese = old.url;
            update or replace twins set english = new.url where english = old.url;
        end;
        create trigger twins_gone after delete on articles begin
            delete from twins where chinese = old.url;
            delete from twins where english = old.url;
        end;
        """)


@steps()
def m045_packed_html(db: Database) -> None:
    """HTML of stories is kept deflated against their text: a third less of the file for archives made from here on;
    here its room is free for what comes. Minutes for a large archive."""
    for table in ("articles", "version_rows"):
        plain = f"from {table} where typeof(body_html) = 'text' and typeof(body) = 'text' and id > ?"
        (whole,) = db.execute(f"select count(*) {plain}", [0]).fetchone()
        last = done = 0
        # in bytes: a damaged letter is no reason to stop
        some = f"select id, cast(body_html as blob), cast(body as blob) {plain} order by id limit {_SAID}"
        while rows := db.execute(some, [last]).fetchall():
            db.conn.executemany(
                f"update {table} set body_html = ? where id = ?",
                [(small, id_) for id_, html, body in rows if (small := deflated(html, body)) is not None],
            )
            last, done = rows[-1][0], done + len(rows)
            if whole > _SAID:
                print(f"HTML of {table}: {done} of {whole} packed", file=sys.stderr, flush=True)


@steps()
def m046_looked(db: Database) -> None:
    """Up to which story something was looked for in all of them, and when; of what was found before, up to the last
    story that has any."""
    db.executescript("""
        create table looked (what text primary key, article integer not null, at text not null);
        insert into looked select 'twins', max(a.id), '' from twins t cross join articles a on a.url in (t.chinese,
          t.english) having count(*);
        """)


@steps()
def m047_lacking_since(db: Database) -> None:
    """Since when something has been missing of a listing; of an older archive since it was last asked for."""
    lacks = "({0}.unfollowed is not null or {0}.doubt is not null or {0}.loops or {0}.gap is not null)"
    db.executescript(f"""
        alter table listings add column lacking_since text;
        update listings set lacking_since = coalesce(last_tried, '') where {lacks.format("listings")};
        create trigger listings_lack after update of unfollowed, doubt, loops, gap on listings
          when {lacks.format("new")} is not {lacks.format("old")} begin
            update listings set lacking_since = case when {lacks.format("new")} then coalesce(new.last_tried, '') end
              where url = new.url;
        end;
        """)
