using Microsoft.Azure.WebJobs.Host.Executors;

namespace Serverless.Local.Host;

/// <summary>
/// The name under which hosts of one app share locks, timers and blob receipts. The SDK's own is a hash of the emitted assembly's name and
/// would be the same for every app.
/// </summary>
internal sealed class FixedHostId(string id) : IHostIdProvider
{
    /// <summary>The SDK's limit.</summary>
    private const int LongestId = 32;

    public Task<string> GetHostIdAsync(CancellationToken cancellationToken) => Task.FromResult(id);

    /// <summary>The setting AzureFunctionsWebHost__hostid where there is one, else the worker program's name.</summary>
    public static string Of(string? setting, string workerProgram)
    {
        string name = string.IsNullOrEmpty(setting) ? Path.GetFileNameWithoutExtension(workerProgram) : setting;
        string id = string.Concat(name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        return id[..Math.Min(id.Length, LongestId)].Trim('-');
    }
}
