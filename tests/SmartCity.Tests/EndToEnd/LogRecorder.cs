using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SmartCity.Tests.EndToEnd;

/// <summary>Keeps what a server logs, so that a test can fail on an error nobody expected.</summary>
public sealed class LogRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<string> errors = new();
    private readonly ConcurrentQueue<string> all = new();

    public IReadOnlyCollection<string> Errors => errors;

    public IReadOnlyCollection<string> All => all;

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Recorder(LogRecorder owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = $"{logLevel} {category}: {formatter(state, exception)} {exception}";
            owner.all.Enqueue(line);
            if (logLevel >= LogLevel.Error)
            {
                owner.errors.Enqueue(line);
            }
        }
    }
}
