namespace SmartCity.Server.Api;

/// <summary>How long a stream that asks again and again rests between two looks.</summary>
internal static class Rest
{
    private const int Factor = 4;

    // A machine that was suspended in the middle of a look would rest four times as long as it was away.
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(1);

    /// <summary>Four times as long as the look took, at least <paramref name="min"/> and at most a minute.</summary>
    public static TimeSpan After(TimeSpan took, TimeSpan min)
    {
        var rest = took * Factor;
        return rest < min ? min : rest > Max ? Max : rest;
    }
}
