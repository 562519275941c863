using System.ComponentModel;
using System.Diagnostics;

namespace Serverless.Local.Stack.Models.Fetched;

/// <summary>
/// Has NuGet download and unpack one package from whatever feeds this machine is set up with, as a restore does; nothing is referenced.
/// </summary>
internal static class PackageDownload
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <param name="folder">An empty one outside the checkout, whose build settings are not meant here.</param>
    /// <returns>The folder of the package's files.</returns>
    /// <exception cref="FetchException">No feed can be reached, or none has the package.</exception>
    public static async Task<string> RunAsync(PackageSource source, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        string project = Path.Combine(folder, "download.csproj");
        await File.WriteAllTextAsync(
            project,
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <PackageDownload Include="{source.Id}" Version="[{source.Version}]" />
              </ItemGroup>
            </Project>
            """,
            cancellationToken
        );
        string packages = Path.Combine(folder, "packages");
        string output = await RestoreAsync(project, packages, time, cancellationToken);
        string unpacked = Path.Combine(packages, source.Id.ToLowerInvariant(), source.Version);
        return Directory.Exists(unpacked)
            ? unpacked
            : throw new FetchException($"NuGet gave no {source.Id} {source.Version}: {FirstError(output)}");
    }

    private static async Task<string> RestoreAsync(string project, string packages, TimeProvider time, CancellationToken cancellationToken)
    {
        ProcessStartInfo info = new("dotnet", ["restore", project, "--packages", packages, "-v", "quiet", "-nologo"])
        {
            WorkingDirectory = Path.GetDirectoryName(project),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "2"; // a machine without a network should learn so soon
        using CancellationTokenSource late = new(Limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using Process process = Start(info);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(either.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            return await output + await errors;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new FetchException($"NuGet did not finish within {Limit.TotalMinutes} minutes.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info) ?? throw new FetchException("dotnet did not start.");
        }
        catch (Win32Exception e)
        {
            throw new FetchException($"dotnet cannot be started: {e.Message}");
        }
    }

    private static string FirstError(string output)
    {
        string line = output.Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? output;
        int at = line.IndexOf("error", StringComparison.OrdinalIgnoreCase);
        int end = line.LastIndexOf(" [", StringComparison.Ordinal); // the project that MSBuild adds
        return line[Math.Max(at, 0)..(end > at ? end : line.Length)].Trim();
    }
}

/// <summary>A model cannot be fetched; the message says why in one line.</summary>
public sealed class FetchException(string message) : Exception(message);
