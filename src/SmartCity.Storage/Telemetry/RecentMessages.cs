namespace SmartCity.Storage.Telemetry;

/// <summary>The newest stored messages, by power-up number, sequence and content.</summary>
internal sealed class RecentMessages(int max)
{
    private readonly HashSet<(int Boot, long Sequence, ulong Hash)> _known = [];
    private readonly Queue<(int Boot, long Sequence, ulong Hash)> _byAge = new();

    public bool Contains((int Boot, long Sequence, ulong Hash) message) => _known.Contains(message);

    public void Clear()
    {
        _known.Clear();
        _byAge.Clear();
    }

    public void Add((int Boot, long Sequence, ulong Hash) message)
    {
        if (!_known.Add(message))
        {
            return;
        }
        _byAge.Enqueue(message);
        if (_byAge.Count > max)
        {
            _known.Remove(_byAge.Dequeue());
        }
    }
}
