namespace SmartCity.Storage.Telemetry;

/// <summary>What became of messages: of one batch when appended, since the store was made when read. Moves in the same
/// transaction as the position, so received = Stored + Duplicates + Dead + Damaged + behind holds after any crash.</summary>
/// <param name="Stored">Messages in the store, conflicts among them. The store counts these itself.</param>
/// <param name="Records">Records in the store. The store counts these itself.</param>
/// <param name="Duplicates">Resends of stored messages.</param>
/// <param name="Dead">Messages set aside whole, or with every record set aside.</param>
/// <param name="DeadRecords">Records set aside alone.</param>
/// <param name="Conflicts">Messages with the (boot, seq) of another and other content; kept.</param>
/// <param name="ClockRefusedRecords">Stored records whose device clock was refused.</param>
/// <param name="Damaged">Journal positions whose messages cannot be read any more.</param>
public readonly record struct IngestCounts(
    long Stored, long Records, long Duplicates, long Dead, long DeadRecords, long Conflicts, long ClockRefusedRecords,
    long Damaged = 0);
