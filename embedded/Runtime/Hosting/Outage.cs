using Azure;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>Follows whether storage answers: says once that it is away and once that it is back, and paces the tries between. Thread-safe.</summary>
internal sealed class Outage(string what, ILogger logger)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private int _failures;

    /// <summary>Whether storage, and not the request, is at fault.</summary>
    public static bool IsOne(Exception exception) => exception switch
    {
        RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500,
        AggregateException several => several.InnerExceptions.All(IsOne),
        IOException or HttpRequestException or System.Net.Sockets.SocketException or OperationCanceledException => true,
        _ => false,
    };

    /// <summary>Notes a failure and returns how long to wait before the next try.</summary>
    public TimeSpan Failed(Exception exception)
    {
        var failures = Interlocked.Increment(ref _failures);
        if (failures == 1)
            Log.StorageAway(logger, what, Cause(exception).Message.Split('\n')[0].TrimEnd());
        return TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, failures - 1)));
    }

    /// <summary>Notes that storage answered; true where it had been away.</summary>
    public bool Over()
    {
        if (Volatile.Read(ref _failures) == 0 || Interlocked.Exchange(ref _failures, 0) == 0)
            return false;
        Log.StorageBack(logger, what);
        return true;
    }

    /// <summary>The SDK reports its tries together; the first says enough.</summary>
    private static Exception Cause(Exception exception) =>
        exception is AggregateException several ? Cause(several.InnerExceptions[0]) : exception.GetBaseException();
}
