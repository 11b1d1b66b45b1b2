namespace SmartCity.Storage.DuckDb;

/// <summary>The tables of digests.</summary>
internal static class DigestTables
{
    public static readonly string[] Definitions =
    [
        "CREATE TABLE IF NOT EXISTS digest_mark(device INTEGER NOT NULL, until_time BIGINT NOT NULL, computed BIGINT NOT NULL, "
            + "basis UBIGINT NOT NULL, reach BIGINT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS digest_segment(device INTEGER NOT NULL, from_time BIGINT NOT NULL, until_time BIGINT NOT NULL, "
            + "port INTEGER NOT NULL, status UTINYINT NOT NULL, version INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS digest_energy(device INTEGER NOT NULL, time BIGINT NOT NULL, port INTEGER NOT NULL, "
            + "micro_wh BIGINT NOT NULL, suspects INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS digest_session(device INTEGER NOT NULL, start BIGINT NOT NULL, last BIGINT NOT NULL, "
            + "computed BIGINT NOT NULL, port INTEGER NOT NULL, session VARCHAR NOT NULL, charge_done BIGINT, end_time BIGINT, "
            + "micro_wh BIGINT NOT NULL, max_power_w DOUBLE, stop_reason UTINYINT NOT NULL, vendor_reason VARCHAR, "
            + "settled UTINYINT NOT NULL, estimated UTINYINT NOT NULL, suspects INTEGER NOT NULL, started UTINYINT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS digest_unstarted(device INTEGER NOT NULL, port INTEGER NOT NULL, session VARCHAR NOT NULL, "
            + "start BIGINT NOT NULL)",
    ];
}
