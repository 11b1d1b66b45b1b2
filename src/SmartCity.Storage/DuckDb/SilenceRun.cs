using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>The silences of one device, found while its moments are read in nearly their order. Only stretches without a silence
/// are kept: a moment inside one cannot end a silence, so a month of moments takes no more room than its silences.</summary>
internal sealed class SilenceRun(TimeSpan longerThan)
{
    private readonly long _gap = Math.Max(0, (long)longerThan.TotalMilliseconds);
    private readonly List<(long From, long Until)> _stretches = [];
    private long _from;
    private long _until;
    private bool _isStarted;

    public void Add(long time)
    {
        if (_isStarted && time >= _from && time - _until <= _gap)
        {
            _until = Math.Max(_until, time);
            return;
        }
        if (_isStarted)
        {
            _stretches.Add((_from, _until));
        }
        (_from, _until, _isStarted) = (time, time, true);
    }

    /// <summary>The silences that end after a moment, oldest first, and the last one without an end.</summary>
    public IEnumerable<Silence> After(string device, Instant from)
    {
        if (!_isStarted)
        {
            yield break;
        }
        _stretches.Add((_from, _until));
        _stretches.Sort();
        var end = _stretches[0].Until;
        foreach (var stretch in _stretches)
        {
            if (stretch.From - end > _gap && stretch.From > from.Milliseconds)
            {
                yield return new Silence(device, new Instant(end), new Instant(stretch.From));
            }
            end = Math.Max(end, stretch.Until);
        }
        yield return new Silence(device, new Instant(end), null);
    }
}
