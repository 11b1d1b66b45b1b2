using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;

namespace SmartCity.Storage.DuckDb;

/// <summary>The small numbers that stand for devices and power-ups in the tables. One writer adds; any thread reads.</summary>
internal sealed class StoreKeys
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(DeviceKind Kind, string Name), int> _devices = [];
    private readonly Dictionary<(int Device, string Boot, Instant Received), int> _boots = [];
    private readonly Dictionary<(int Device, string Boot), List<int>> _bootsByName = [];
    // Grown by copying, so that a reader's index into an older array stays right.
    private volatile string[] _deviceNames = new string[256];
    private volatile (string Device, Instant Received)[] _bootsByKey = new (string, Instant)[256];

    /// <summary>The tables that keep the keys.</summary>
    public static readonly string[] Definitions =
    [
        "CREATE TABLE IF NOT EXISTS device(id INTEGER NOT NULL, kind UTINYINT NOT NULL, name VARCHAR NOT NULL)",
        "CREATE TABLE IF NOT EXISTS boot(id INTEGER NOT NULL, device INTEGER NOT NULL, name VARCHAR NOT NULL, received "
            + "BIGINT NOT NULL)",
    ];

    /// <summary>The device's name.</summary>
    public string Device(int key) => _deviceNames[key];

    /// <summary>The power-up's device, and when its first message was received.</summary>
    public (string Device, Instant Received) Boot(int key) => _bootsByKey[key];

    /// <summary>Replaces everything by what is in the store.</summary>
    public static StoreKeys Load(DuckDbConnection connection)
    {
        var keys = new StoreKeys();
        using (var devices = connection.Query("SELECT id, kind, name FROM device ORDER BY id"))
        {
            while (devices.Next())
            {
                keys.Put(devices.Int32(), (DeviceKind)devices.Byte(), devices.Text());
            }
        }
        using var boots = connection.Query("SELECT id, device, name, received FROM boot ORDER BY id");
        while (boots.Next())
        {
            keys.Put(boots.Int32(), boots.Int32(), boots.Text(), new Instant(boots.Int64()));
        }
        return keys;
    }

    /// <summary>The device's key; a new one is appended to its table.</summary>
    public int DeviceOf(DeviceKind kind, string name, BatchTables tables)
    {
        if (_devices.TryGetValue((kind, name), out var key))
        {
            return key;
        }
        key = _devices.Count;
        Put(key, kind, name);
        tables.Of("device").Add(key).Add((byte)kind).Add(name).End();
        return key;
    }

    /// <summary>The power-up's key; a new one is appended to its table.</summary>
    public int BootOf(int device, string name, Instant received, BatchTables tables)
    {
        if (_boots.TryGetValue((device, name, received), out var key))
        {
            return key;
        }
        key = _boots.Count;
        Put(key, device, name, received);
        tables.Of("boot").Add(key).Add(device).Add(name).Add(received.Milliseconds).End();
        return key;
    }

    /// <summary>The keys of the devices that are known.</summary>
    public List<int> Find(DeviceKind kind, IEnumerable<string> names)
    {
        lock (_gate)
        {
            return [.. names.Distinct().Select(name => _devices.GetValueOrDefault((kind, name), -1)).Where(key => key >= 0)];
        }
    }

    /// <summary>The names of those devices that are known, in their order; null: of all of the kind.</summary>
    public List<string> Known(DeviceKind kind, IReadOnlyCollection<string>? names)
    {
        lock (_gate)
        {
            var known = names is null
                ? _devices.Keys.Where(key => key.Kind == kind).Select(key => key.Name)
                : names.Distinct().Where(name => _devices.ContainsKey((kind, name)));
            return [.. known.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>The keys of a device's power-up of that name, from the oldest.</summary>
    public IReadOnlyList<int> FindBoots(DeviceKind kind, string device, string boot)
    {
        lock (_gate)
        {
            return _devices.TryGetValue((kind, device), out var key) && _bootsByName.TryGetValue((key, boot), out var boots)
                ? [.. boots]
                : [];
        }
    }

    private void Put(int key, DeviceKind kind, string name)
    {
        lock (_gate)
        {
            _devices.Add((kind, name), key);
            _deviceNames = With(_deviceNames, key, name);
        }
    }

    private void Put(int key, int device, string name, Instant received)
    {
        lock (_gate)
        {
            _boots.Add((device, name, received), key);
            if (!_bootsByName.TryGetValue((device, name), out var boots))
            {
                _bootsByName.Add((device, name), boots = []);
            }
            boots.Add(key);
            _bootsByKey = With(_bootsByKey, key, (_deviceNames[device], received));
        }
    }

    private static T[] With<T>(T[] values, int index, T value)
    {
        if (index >= values.Length)
        {
            Array.Resize(ref values, Math.Max(values.Length * 2, index + 1));
        }
        values[index] = value;
        return values;
    }
}
