using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using MQTTnet;
using MQTTnet.Exceptions;
using SmartCity.Storage.Journal;

namespace SmartCity.Server.Mqtt;

/// <summary>The broker answered, and did not say yes; the message says what to do.</summary>
internal sealed class BrokerRefusedException(string message) : Exception(message);

/// <summary>Says in words what keeps us from the external broker.</summary>
internal static class BrokerProblems
{
    /// <summary>Whether trying again later may help; anything else is a bug.</summary>
    public static bool IsOfTheWorld(Exception e) =>
        e is BrokerRefusedException or MqttCommunicationException or MqttProtocolViolationException or SocketException or IOException
            or AuthenticationException or TimeoutException or OperationCanceledException or JournalUnavailableException
            || IsTornDown(e);

    // MQTTnet takes its parts away when the connection ends, also from a call that is still using them.
    private static bool IsTornDown(Exception e) => e is ObjectDisposedException or NullReferenceException { Source: "MQTTnet" };

    /// <summary>Whether the other side ended the connection; not when it was never there, or says nothing.</summary>
    public static bool IsCutOff(Exception e)
    {
        var broken = false;
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException socket:
                    // Not connected any more: what we had to say found out after the other side had gone.
                    return socket.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted
                        or SocketError.Shutdown or SocketError.NotConnected;
                case MqttCommunicationTimedOutException or OperationCanceledException or TimeoutException:
                    return false;
                default:
                    broken |= cause is IOException or AuthenticationException or CryptographicException or MqttCommunicationException
                        || IsTornDown(cause);
                    break;
            }
        }
        return broken;
    }

    public static string InWords(MqttClientConnectResultCode code) => code switch
    {
        MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.NotAuthorized =>
            "the broker refuses the user or the password: check Mqtt:Username and Mqtt:Password",
        MqttClientConnectResultCode.ClientIdentifierNotValid => "the broker refuses the client id: change Mqtt:ClientId",
        MqttClientConnectResultCode.Banned => "the broker has banned this client: ask who runs it",
        MqttClientConnectResultCode.ServerBusy or MqttClientConnectResultCode.ServerUnavailable => "the broker is busy",
        MqttClientConnectResultCode.UnsupportedProtocolVersion => "the broker does not speak MQTT 5: update it",
        _ => $"the broker refuses the connection: {code}",
    };

    public static string InWords(MqttClientDisconnectedEventArgs e) => e.Reason switch
    {
        MqttClientDisconnectReason.ServerShuttingDown => "the broker shuts down",
        _ when e.Exception is { } cause => InWords(cause),
        _ => $"the connection ended: {e.Reason}",
    };

    /// <summary>Whether another client with our id can be why it ended: the broker says so, or closes without a word.</summary>
    public static bool MayBeTakeover(MqttClientDisconnectedEventArgs e) =>
        e.Reason == MqttClientDisconnectReason.SessionTakenOver
        || (e.Reason is MqttClientDisconnectReason.NormalDisconnection or MqttClientDisconnectReason.UnspecifiedError
            && e.Exception is null);

    public static string InWords(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException!)
        {
            if (Known(cause) is { } words)
            {
                return words;
            }
        }
        return $"the connection failed: {e.Message}";
    }

    private static string? Known(Exception e) => e switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            "the host is not known: check Mqtt:Broker",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "nothing listens there: is the broker running?",
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } =>
            "the network does not reach the host",
        AuthenticationException => $"TLS failed: {e.Message}",
        JournalUnavailableException or BrokerRefusedException => e.Message,
        _ when IsTornDown(e) => "the connection ended",
        OperationCanceledException or TimeoutException or MqttCommunicationTimedOutException => "no answer within 10 s",
        _ => null,
    };
}
