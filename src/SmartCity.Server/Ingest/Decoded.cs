using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;

namespace SmartCity.Server.Ingest;

/// <summary>What a journaled message says: what is to be stored, and what is to be set aside.</summary>
/// <param name="Source">The message.</param>
/// <param name="Messages">One, or one per record when the device does not count its messages; none when nothing is readable.</param>
/// <param name="Dead">What is wrong with the rest.</param>
/// <param name="ClockRefused">Records to be stored whose device clock was refused.</param>
internal readonly record struct Decoded(
    JournalMessage Source, IReadOnlyList<TelemetryMessage> Messages, IReadOnlyList<DeadLetterDraft> Dead, int ClockRefused = 0)
{
    /// <summary>Its place in the journal.</summary>
    public long Position => Source.Position;
}
