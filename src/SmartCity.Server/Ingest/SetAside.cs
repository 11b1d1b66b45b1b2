using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;

namespace SmartCity.Server.Ingest;

/// <summary>Gathers what of one message is set aside.</summary>
internal sealed class SetAside(JournalMessage source)
{
    private List<DeadLetterDraft>? drafts;

    public IReadOnlyList<DeadLetterDraft> Drafts => drafts ?? (IReadOnlyList<DeadLetterDraft>)[];

    /// <summary>Several records were set aside, all for the same reason.</summary>
    public bool IsOneReason => drafts is { Count: > 1 } && drafts.TrueForAll(draft => draft.Reason == drafts[0].Reason);

    /// <summary>All records together: each letter keeps the whole payload, and 500 copies of one payload would soon fill the
    /// list.</summary>
    public Decoded Together(string device) =>
        Whole(device, drafts![0].Reason, $"all {drafts.Count} records are bad, the first because {drafts[0].Problem}");

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

    /// <summary>The message as a whole, that the store will never take.</summary>
    public static Decoded Refused(in Decoded decoded, string problem) => new SetAside(decoded.Source).Whole(
        decoded.Messages.Count > 0 ? decoded.Messages[0].Device : "", DeadLetterReason.RefusedByStore,
        $"the store refuses it: please report this, and replay it with a version that mends it ({problem})");

    private DeadLetterDraft Draft(string device, int? index, DeadLetterReason reason, string problem)
    {
        var entry = source.Entry;
        return new DeadLetterDraft(
            source.Position, entry.Replay?.FirstReceived ?? entry.Received, entry.Topic, entry.ClientId, device, index, reason,
            problem, entry.Payload, entry.PayloadBytes, entry.ContentType);
    }
}
