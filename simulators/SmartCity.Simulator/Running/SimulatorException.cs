namespace SmartCity.Simulator.Running;

/// <summary>The simulation cannot go on; the message says what to do.</summary>
internal sealed class SimulatorException(string message) : Exception(message);
