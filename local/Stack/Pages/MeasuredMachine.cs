using System.Runtime.InteropServices;

namespace Serverless.Local.Stack.Pages;

/// <summary>What a measurement was taken on.</summary>
public static class MeasuredMachine
{
    public static int Cores => Environment.ProcessorCount;

    public static string Name => $"{Model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Cores} cores";

    /// <summary>Of the processor; null where the system does not say.</summary>
    public static string? Model
    {
        get
        {
            const string label = "model name";
            return File.Exists("/proc/cpuinfo")
                ? File.ReadLines("/proc/cpuinfo")
                    .FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal))
                    ?.Split(':')[^1]
                    .Trim()
                : null;
        }
    }
}
