using System.Text;

namespace Serverless.Local.Stack.Processes;

/// <summary>The last line of a log file that says something, read from its end, since a log may be large.</summary>
internal static class LastWords
{
    private const int TailBytes = 8 << 10;

    public static string Of(string logFile, int maxChars = 1000)
    {
        try
        {
            using FileStream log = new(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            log.Seek(-Math.Min(TailBytes, log.Length), SeekOrigin.End);
            byte[] tail = new byte[TailBytes];
            int read = log.ReadAtLeast(tail, TailBytes, throwOnEndOfStream: false);
            string? line = Encoding
                .UTF8.GetString(tail, 0, read)
                .Split('\n', StringSplitOptions.TrimEntries)
                .LastOrDefault(one => one.Length > 0);
            return line is null ? "(none)"
                : line.Length > maxChars ? line[..maxChars]
                : line;
        }
        catch (IOException)
        {
            return "(none)";
        }
    }
}
