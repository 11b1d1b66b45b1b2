using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>What the ledger knows of each power-up.</summary>
internal sealed class BootBook(MessageLedgerBounds bounds)
{
    private readonly Dictionary<BootKey, LinkedListNode<Boot>> _boots = [];
    private readonly LinkedList<Boot> _byUse = new();
    private readonly HashSet<Boot> _holed = [];

    // The next power-up's number; never used again, so that a forgotten one is not mistaken for another.
    private int _next;

    /// <summary>Whether a power-up was forgotten: then an unknown one may be in the store.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>The power-ups with numbers missing between those that are stored.</summary>
    public IReadOnlyCollection<Boot> Holed => _holed;

    /// <summary>Numbers that are stored now.</summary>
    public void Add(Boot boot, long first, long last, Instant received)
    {
        boot.Add(first, last, received);
        if (boot.HasHoles)
        {
            _holed.Add(boot);
        }
        else if (_holed.Count > 0)
        {
            _holed.Remove(boot);
        }
    }

    /// <summary>Keeps the power-ups and when they began; what is stored of them is to be added anew.</summary>
    public void ForgetSequences()
    {
        foreach (var boot in _byUse)
        {
            boot.Forget();
        }
        _holed.Clear();
    }

    /// <summary>The power-up, if it is known.</summary>
    public Boot? Find(BootKey key)
    {
        if (!_boots.TryGetValue(key, out var node))
        {
            return null;
        }
        _byUse.Remove(node);
        _byUse.AddLast(node);
        return node.Value;
    }

    /// <summary>The power-up, made when it is not known.</summary>
    public Boot FindOrAdd(BootKey key, Instant received)
    {
        if (Find(key) is { } known)
        {
            return known;
        }
        var boot = new Boot(key, _next++, received, bounds.Ranges) { MustLookUp = IsPartial };
        _boots.Add(key, _byUse.AddLast(boot));
        if (_boots.Count > bounds.Boots)
        {
            _holed.Remove(_byUse.First!.Value);
            _boots.Remove(_byUse.First.Value.Key);
            _byUse.RemoveFirst();
            IsPartial = true;
        }
        return boot;
    }
}
