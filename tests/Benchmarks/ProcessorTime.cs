using System.Globalization;

namespace Serverless.Benchmarks;

/// <summary>Processor time of another process, as Linux accounts for it to the nanosecond.</summary>
internal static class ProcessorTime
{
    /// <summary>Of the threads that live; what has ended meanwhile is left out.</summary>
    public static double Milliseconds(int processId) =>
        Directory.EnumerateDirectories($"/proc/{processId}/task").Sum(thread => Nanoseconds(Path.Combine(thread, "schedstat"))) / 1e6;

    /// <summary>The process that this one started by whichever of its threads, such as a host's worker.</summary>
    public static int ChildOf(int processId) =>
        Directory
            .EnumerateDirectories($"/proc/{processId}/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture))
            .First();

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
