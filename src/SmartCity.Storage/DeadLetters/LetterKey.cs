using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace SmartCity.Storage.DeadLetters;

/// <summary>What tells letters apart.</summary>
internal static class LetterKey
{
    /// <summary>The same topic, payload and record index are the same letter.</summary>
    public static byte[] Of(DeadLetterDraft draft)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes(draft.Topic));
        Span<byte> numbers = stackalloc byte[9];
        numbers[0] = 0; // Ends the topic: no topic contains it.
        BinaryPrimitives.WriteInt32LittleEndian(numbers[1..], draft.RecordIndex ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[5..], draft.PayloadBytes);
        hash.Append(numbers);
        hash.Append(draft.Payload.Span);
        return hash.GetCurrentHash();
    }

    /// <summary>The one letter of a sender and a reason for all that found no room.</summary>
    public static byte[] OfSummary(string sender, DeadLetterReason reason)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes(sender));
        // No letter's key ends so: there the length of the payload comes before the payload.
        hash.Append([0, (byte)reason]);
        return hash.GetCurrentHash();
    }
}
