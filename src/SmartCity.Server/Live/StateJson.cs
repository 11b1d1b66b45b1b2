using System.Buffers;
using System.Text.Json;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>States of devices as JSON: names and words as devices send them, absent values left out.</summary>
internal static class StateJson
{
    /// <summary>A pile and its ports.</summary>
    public static byte[] Of(PileState pile, Instant now) => Write(json =>
    {
        Time(json, "time", now);
        Time(json, "lastHeard", pile.LastHeard);
        json.WriteBoolean("offline", pile.Offline);
        json.WriteStartArray("ports");
        foreach (var port in pile.Ports)
        {
            WritePort(json, port);
        }
        json.WriteEndArray();
    });

    /// <summary>A truck.</summary>
    public static byte[] Of(TruckState truck, Instant now) => Write(json =>
    {
        Time(json, "time", now);
        Time(json, "lastHeard", truck.LastHeard);
        json.WriteBoolean("stale", truck.Stale);
        Time(json, "positionTime", truck.PositionTime);
        Number(json, "lat", truck.Position?.Lat);
        Number(json, "lon", truck.Position?.Lon);
        Number(json, "speedKmh", truck.SpeedKmh);
        Number(json, "headingDeg", truck.HeadingDeg);
        Text(json, "pointId", truck.Point);
    });

    /// <summary>A collection point's bins.</summary>
    public static byte[] Of(PointState point, Instant now) => Write(json =>
    {
        Time(json, "time", now);
        Time(json, "lastHeard", point.LastHeard);
        json.WriteStartArray("bins");
        foreach (var bin in point.Bins)
        {
            json.WriteStartObject();
            Text(json, "binId", bin.BinId);
            Time(json, "time", bin.Stamp.Time);
            Number(json, "fillRatio", bin.FillRatio);
            Number(json, "tempC", bin.TempC);
            Text(json, "status", bin.Status);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void WritePort(Utf8JsonWriter json, PortState port)
    {
        json.WriteStartObject();
        json.WriteNumber("port", port.Port);
        json.WriteString("status", WordOf(port.Status));
        json.WriteString("lastKnownStatus", WordOf(port.LastKnown));
        Time(json, "since", port.Since);
        json.WriteBoolean("stale", port.Stale);
        Text(json, "sessionId", port.Session);
        Text(json, "vendorStatus", port.VendorStatus);
        Time(json, "meterTime", port.LastMeter?.Stamp.Time);
        if (port.LastMeter is not null)
        {
            json.WriteBoolean("meterCurrent", port.MeterCurrent);
        }
        Number(json, "powerW", port.LastMeter?.PowerW);
        Number(json, "voltageV", port.LastMeter?.VoltageV);
        Number(json, "currentA", port.LastMeter?.CurrentA);
        Number(json, "sessionEnergyWh", port.LastMeter?.SessionEnergyWh);
        Number(json, "portTempC", port.LastMeter?.PortTempC);
        json.WriteStartArray("faults");
        foreach (var code in port.FaultCodes)
        {
            json.WriteNumberValue(code);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void Time(Utf8JsonWriter json, string name, Instant? value)
    {
        if (value is { } given)
        {
            json.WriteNumber(name, given.Milliseconds);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } given && double.IsFinite(given))
        {
            json.WriteNumber(name, given);
        }
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    private static string WordOf(PortStatus status) => status switch
    {
        PortStatus.Available => "AVAILABLE",
        PortStatus.Plugged => "PLUGGED",
        PortStatus.Charging => "CHARGING",
        PortStatus.Floating => "FLOATING",
        PortStatus.SuspendedByPile => "SUSPENDED_BY_PILE",
        PortStatus.FinishedPlugged => "FINISHED_PLUGGED",
        PortStatus.Reserved => "RESERVED",
        PortStatus.Unavailable => "UNAVAILABLE",
        PortStatus.Faulted => "FAULTED",
        PortStatus.Offline => "OFFLINE",
        _ => "UNKNOWN",
    };
}
