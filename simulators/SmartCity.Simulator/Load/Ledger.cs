using System.Buffers.Text;
using System.Text;

namespace SmartCity.Simulator.Load;

/// <summary>
/// A line for each message that the broker has acknowledged, and no other: device, boot, seq, ms since the epoch of the
/// acknowledgement, separated by commas.
/// </summary>
internal sealed class Ledger(string path) : IDisposable
{
    private readonly Lock gate = new();
    private readonly FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, 1 << 16);
    private readonly byte[] line = new byte[256];

    public void Write(ReadOnlySpan<byte> deviceAndBoot, long seq, long ackedMs)
    {
        lock (gate)
        {
            deviceAndBoot.CopyTo(line);
            var at = deviceAndBoot.Length;
            Utf8Formatter.TryFormat(seq, line.AsSpan(at), out var written);
            at += written;
            line[at++] = (byte)',';
            Utf8Formatter.TryFormat(ackedMs, line.AsSpan(at), out written);
            at += written;
            line[at++] = (byte)'\n';
            file.Write(line, 0, at);
        }
    }

    /// <summary>The part of every line that a device begins with.</summary>
    public static byte[] Prefix(string device, string boot) => Encoding.UTF8.GetBytes($"{device},{boot},");

    public void Dispose()
    {
        lock (gate)
        {
            file.Dispose();
        }
    }
}
