using System.Collections.Concurrent;
using System.Diagnostics;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Disks;

/// <summary>Damages a journal everywhere: it always starts, never reads a changed message, and tells what it lost.
/// SMARTCITY_BIT_FLIPS=all flips every single bit, a number so many; else a small sample.</summary>
public sealed class BitFlipTests(ITestOutputHelper output)
{
    private const int FlippedBytes = 64 << 10;
    private const int Block = 4_096;
    private const int Sample = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flipped_bit_costs_at_most_its_group_and_is_told(bool isInLog)
    {
        var seed = Account.Setting("SMARTCITY_SEED", Environment.TickCount);
        var random = new Random(seed);
        var bits = FlippedBytes * 8;
        IEnumerable<int> flips = IsAll ? Enumerable.Range(0, bits)
            : [.. Enumerable.Range(0, Account.Setting("SMARTCITY_BIT_FLIPS", Sample)).Select(_ => random.Next(bits))];
        await JudgeAsync($"seed {seed}, {(isInLog ? "log" : "file")}, single bits", isInLog, flips, groupsMax: 1, (bytes, bit) =>
        {
            bytes[bit / 8 % bytes.Length] ^= (byte)(1 << (bit % 8));
            return bytes;
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_block_of_zeros_is_told(bool isInLog) => await JudgeAsync(
        $"{(isInLog ? "log" : "file")}, blocks of zeros", isInLog, Enumerable.Range(0, FlippedBytes / Block), groupsMax: int.MaxValue,
        (bytes, block) =>
        {
            bytes.AsSpan(block * Block % bytes.Length, Math.Min(Block, bytes.Length - (block * Block % bytes.Length))).Clear();
            return bytes;
        });

    [Fact]
    public async Task A_file_that_was_cut_off_is_told()
    {
        var step = IsAll ? 16 : 3_000;
        await JudgeAsync(
            "file, cut off", isInLog: false, Enumerable.Range(1, FlippedBytes / step).Select(i => i * step), groupsMax: int.MaxValue,
            (bytes, length) => bytes[..Math.Min(length, bytes.Length - 1)]);
    }

    [Fact]
    public async Task A_log_that_was_cut_off_is_what_a_crash_leaves_and_ends_at_a_commit()
    {
        using var sample = await JournalSample.MakeAsync(isCrash: true, Token);
        var missing = int.MaxValue;
        for (var length = 0; length <= sample.Log.Length; length += IsAll ? 16 : 6_000)
        {
            sample.Restore();
            await File.WriteAllBytesAsync(sample.MainPath + "-wal", sample.Log[..length], Token);
            var damage = await sample.ExamineAsync(Token);
            Assert.False(damage.Told);
            Assert.True(damage.Missing <= missing, "a longer log has less");
            missing = damage.Missing;
        }
        sample.Restore();
        Assert.Equal(new Damage(0, 0, Told: false, HeadKept: true), await sample.ExamineAsync(Token));
    }

    private static bool IsAll => Environment.GetEnvironmentVariable("SMARTCITY_BIT_FLIPS") == "all";

    private async Task JudgeAsync(
        string what, bool isInLog, IEnumerable<int> cases, int groupsMax, Func<byte[], int, byte[]> damage)
    {
        output.WriteLine(what); // With the seed, before anything can fail.
        var since = Stopwatch.StartNew();
        var damages = new ConcurrentBag<(int Case, Damage Damage)>();
        await Parallel.ForEachAsync(
            cases.Chunk(2_000), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Token }, async (chunk, token) =>
            {
                using var sample = await JournalSample.MakeAsync(isInLog, token);
                foreach (var one in chunk)
                {
                    sample.Restore();
                    var path = isInLog ? sample.MainPath + "-wal" : sample.MainPath;
                    await File.WriteAllBytesAsync(path, damage([.. isInLog ? sample.Log : sample.Main], one), token);
                    damages.Add((one, await sample.ExamineAsync(token)));
                }
            });
        var silent = damages.Where(d => d.Damage is { Missing: > 0, Told: false }).ToArray();
        var reused = damages.Where(d => !d.Damage.HeadKept).ToArray();
        output.WriteLine($"{what}: {damages.Count} cases in {since.Elapsed.TotalSeconds:F0} s, harmless "
            + $"{damages.Count(d => d.Damage is { Missing: 0, Told: false })}, told {damages.Count(d => d.Damage.Told)}, with a loss "
            + $"{damages.Count(d => d.Damage.Missing > 0)}, most groups lost {damages.Max(d => d.Damage.Groups)}, lost without a "
            + $"word {silent.Length}, positions given again {reused.Length}");
        Assert.True(silent.Length == 0, $"silent: {string.Join(", ", silent.Take(40))}");
        Assert.True(reused.Length == 0, $"given again: {string.Join(", ", reused.Take(40))}");
        Assert.True(damages.All(d => d.Damage.Groups <= groupsMax), $"{damages.MaxBy(d => d.Damage.Groups)}");
    }
}
