namespace SmartCity.Storage.DeadLetters;

/// <summary>How many letters there are, and how many of them wait for each sender: so that one mad device fills its own share of
/// the list and no other's.</summary>
internal sealed class LetterRoom(DeadLetterOptions options)
{
    /// <summary>Who a row's letter is put to the account of, as <see cref="SenderOf"/> says it.</summary>
    public const string SenderColumn = "CASE WHEN reason IN (1, 4) AND client <> '' THEN 'client ' || client ELSE device END";

    private readonly Dictionary<string, (long Count, long Bytes)> _waiting = new(StringComparer.Ordinal);
    private long _count;
    private long _bytes;

    /// <summary>The device; the MQTT client where anybody could have made up the device.</summary>
    public static string SenderOf(DeadLetterDraft draft) =>
        draft.Reason is DeadLetterReason.BadTopic or DeadLetterReason.UnknownDevice && draft.ClientId.Length > 0
            ? "client " + draft.ClientId
            : draft.Device;

    /// <summary>Why the list has no room for another letter, whoever sent it; null when it has.</summary>
    public string? ProblemFor(long bytes) => _count + 1 > options.CountMax || _bytes + bytes > options.BytesMax
        ? $"the list has {_count:N0} letters of {_bytes:N0} bytes (DeadLetters:CountMax, DeadLetters:BytesMax)"
        : null;

    /// <summary>Why the list has no room for another letter of this sender; null when it has.</summary>
    public string? ProblemFor(string sender, long bytes)
    {
        var (count, kept) = _waiting.GetValueOrDefault(sender);
        return count + 1 > options.CountPerDeviceMax || kept + bytes > options.BytesPerDeviceMax
            ? $"{count:N0} letters of {kept:N0} bytes from {(sender.Length > 0 ? sender : "nobody known")} wait already "
                + "(DeadLetters:CountPerDeviceMax, DeadLetters:BytesPerDeviceMax)"
            : null;
    }

    /// <summary>Letters were added; negative numbers: taken away.</summary>
    public void Keep(long count, long bytes) => (_count, _bytes) = (_count + count, _bytes + bytes);

    /// <summary>Letters wait; negative numbers: do not wait any more.</summary>
    public void Wait(string sender, long count, long bytes)
    {
        var (counted, kept) = _waiting.GetValueOrDefault(sender);
        if (counted + count <= 0)
        {
            _waiting.Remove(sender);
        }
        else
        {
            _waiting[sender] = (counted + count, kept + bytes);
        }
    }
}
