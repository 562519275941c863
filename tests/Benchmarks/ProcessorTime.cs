using System.Globalization;

namespace Serverless.Benchmarks;

/// <summary>Processor time of another process, as Linux accounts for it to the nanosecond.</summary>
internal static class ProcessorTime
{
    /// <summary>Of the threads that live; what has ended meanwhile is left out.</summary>
    public static double Milliseconds(int processId) =>
        Directory.EnumerateDirectories($"/proc/{processId}/task").Sum(thread => Nanoseconds(Path.Combine(thread, "schedstat"))) / 1e6;

    /// <summary>The process that this one started, such as a host's worker.</summary>
    public static int ChildOf(int processId) =>
        int.Parse(File.ReadAllText($"/proc/{processId}/task/{processId}/children").Split(' ')[0], CultureInfo.InvariantCulture);

    private static double Nanoseconds(string file)
    {
        try
        {
            return double.Parse(File.ReadAllText(file).Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
