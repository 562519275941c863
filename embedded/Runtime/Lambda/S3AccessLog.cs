using System.Text.RegularExpressions;

namespace Serverless.Embedded.Runtime.Lambda;

/// <summary>Reads the lines of an S3 server's access log.</summary>
internal static partial class S3AccessLog
{
    /// <summary>The key that a line says was written to the bucket; null for any other line.</summary>
    public static string? KeyWritten(string line, string bucket)
    {
        Match match = Write().Match(line);
        if (!match.Success)
            return null;
        // A part of an upload makes no object; the request that completes the upload does.
        bool isPart = match.Groups["query"].Value.Contains("uploadId=", StringComparison.Ordinal);
        if (isPart != (match.Groups["method"].Value == "POST"))
            return null;
        string path = match.Groups["path"].Value;
        return path.StartsWith(bucket + "/", StringComparison.Ordinal) ? Uri.UnescapeDataString(path[(bucket.Length + 1)..]) : null;
    }

    [GeneratedRegex(@"""(?<method>PUT|POST) /(?<path>[^ ?]+)\??(?<query>\S*) HTTP/[\d.]+"" 200 ")]
    private static partial Regex Write();
}
