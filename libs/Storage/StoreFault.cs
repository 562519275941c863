using System.Net.Sockets;

namespace Serverless.Storage;

/// <summary>Says for people why a store gave nothing.</summary>
public static class StoreFault
{
    /// <summary>The beginning of a sentence: that it does not answer, or what it answered.</summary>
    public static string Describe(string store, Exception fault) =>
        IsSilence(fault) ? $"Store {store} does not answer" : $"Store {store} could not be read ({fault.Message.TrimEnd('.')})";

    private static bool IsSilence(Exception? fault) =>
        fault is OperationCanceledException or TimeoutException or HttpRequestException or IOException or SocketException
        || (fault?.InnerException is { } inner && IsSilence(inner));
}
