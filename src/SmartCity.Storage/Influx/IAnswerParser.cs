using System.Text.Json;

namespace SmartCity.Storage.Influx;

/// <summary>Turns the tokens of an answer into pieces of series, wherever the network cuts it.</summary>
internal interface IAnswerParser : IDisposable
{
    /// <summary>What was read last.</summary>
    InfluxSeries Series { get; }

    /// <summary>Reads on; true when a piece is to be handed out, false when the input ends.</summary>
    /// <exception cref="JsonException">Not an answer of InfluxDB.</exception>
    /// <exception cref="InfluxAnswerException">InfluxDB says that it failed.</exception>
    bool Read(ref Utf8JsonReader json);

    /// <summary>The answer has ended; true when a last piece is to be handed out.</summary>
    bool End();
}

/// <summary>An error inside an answer, in the database's words.</summary>
internal sealed class InfluxAnswerException(string message) : Exception(message);
