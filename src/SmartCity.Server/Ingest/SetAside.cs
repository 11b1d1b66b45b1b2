using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;

namespace SmartCity.Server.Ingest;

/// <summary>Gathers what of one message is set aside.</summary>
internal sealed class SetAside(JournalMessage source)
{
    private List<DeadLetterDraft>? drafts;

    public IReadOnlyList<DeadLetterDraft> Drafts => drafts ?? (IReadOnlyList<DeadLetterDraft>)[];

    /// <summary>The whole message is set aside.</summary>
    public Decoded Whole(string device, DeadLetterReason reason, string problem) =>
        // A replayed record that fails stays the letter it was.
        new(source, [], [Draft(device, source.Entry.Replay?.RecordIndex, reason, problem)]);

    /// <summary>One record is set aside; when another record is replayed, that is known already.</summary>
    public void Record(string device, int? index, DeadLetterReason reason, string problem)
    {
        if (source.Entry.Replay?.RecordIndex is not { } only || only == index)
        {
            (drafts ??= []).Add(Draft(device, index, reason, problem));
        }
    }

    private DeadLetterDraft Draft(string device, int? index, DeadLetterReason reason, string problem)
    {
        var entry = source.Entry;
        return new DeadLetterDraft(
            source.Position, entry.Replay?.FirstReceived ?? entry.Received, entry.Topic, entry.ClientId, device, index, reason,
            problem, entry.Payload, entry.PayloadBytes, entry.ContentType);
    }
}
