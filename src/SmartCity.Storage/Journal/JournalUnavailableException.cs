namespace SmartCity.Storage.Journal;

/// <summary>The journal cannot take or give anything now; the message says what to do. What was being appended may or may
/// not be in the journal: do not acknowledge it. Worth another try later.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
