using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Writes lines as Lambda has them in its log: time, request, level, message.</summary>
internal sealed class LambdaConsole(string requestId, TimeProvider time) : ILambdaLogger
{
    public void Log(string message) => Console.Write(message);

    public void LogLine(string message) => Log("Information", message);

    public void Log(string level, string message) =>
        Console.WriteLine($"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ}\t{requestId}\t{ShortNameOf(level)}\t{message}");

    private static string ShortNameOf(string level) =>
        level switch
        {
            "Trace" => "trce",
            "Debug" => "dbug",
            "Information" => "info",
            "Warning" => "warn",
            "Error" => "fail",
            "Critical" => "crit",
            _ => level,
        };
}
