namespace Serverless.Local.Stack.Pages;

/// <summary>What a measurement was taken on.</summary>
internal static class MeasuredMachine
{
    public static int Cores => Environment.ProcessorCount;

    public static string Name
    {
        get
        {
            const string label = "model name";
            string? model = File.Exists("/proc/cpuinfo")
                ? File.ReadLines("/proc/cpuinfo")
                    .FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal))
                    ?.Split(':')[^1]
                    .Trim()
                : null;
            return $"{model ?? System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString()}, {Cores} cores";
        }
    }
}
