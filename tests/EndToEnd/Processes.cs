using System.Globalization;

namespace Serverless.EndToEnd;

/// <summary>What Linux knows of processes.</summary>
internal static class Processes
{
    /// <summary>The only process that another has started for long: the app of a host.</summary>
    public static int ChildOf(int parent) =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Single(process => NumberIn(process, "PPid:") == parent);

    /// <summary>A number of its status; null of one that has ended, perhaps meanwhile.</summary>
    public static long? NumberIn(int process, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status")
                .Where(line => line.StartsWith(name, StringComparison.Ordinal))
                .Select(line => long.Parse(line.AsSpan(name.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture))
                .Cast<long?>()
                .FirstOrDefault();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
