using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Serverless.Validation.Trials;

/// <summary>How the process on trial is started.</summary>
internal static class TrialCommand
{
    public static ProcessStartInfo Make(TrialOptions options, string argument)
    {
        string? own = Environment.ProcessPath;
        bool byDotnet = own is not null && Path.GetFileNameWithoutExtension(own) == "dotnet";
        string program = options.Program ?? (byDotnet ? Assembly.GetEntryAssembly()!.Location : own!);
        bool isAssembly = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        ProcessStartInfo start = new(isAssembly ? (byDotnet ? own! : "dotnet") : program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(program)) ?? "/",
        };
        if (isAssembly)
        {
            start.ArgumentList.Add(program);
        }
        start.ArgumentList.Add(argument);
        // The watch over resident memory comes first; this stops an allocation that is quicker than the watch.
        start.ArgumentList.Add(
            (options.MaxMemoryBytes + (options.MaxMemoryBytes / 4) + (512L << 20)).ToString(CultureInfo.InvariantCulture)
        );
        start.ArgumentList.Add(options.ProcessorSeconds.ToString(CultureInfo.InvariantCulture));
        KeptEnvironment.RemoveOthers(start);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        return start;
    }
}
