using System.Text;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>
/// One object an environment, written after each change of an alias or a rollout record there. Who follows many models asks for its
/// version, and reads aliases and records only where that is another than before. A writer that ends between the change and the mark
/// leaves the change unmarked, so who follows reads them now and then without it. Thread-safe.
/// </summary>
public sealed class ChangeMark(IObjectStore store)
{
    /// <summary>Empty where nothing was ever changed.</summary>
    public async Task<string> FindVersionAsync(string environment, CancellationToken cancellationToken) =>
        (await store.FindAsync(RegistryLayout.ChangeMark(environment), cancellationToken))?.Version ?? "";

    /// <summary>Takes no cancellation: the change took effect already. The store gives up after a minute.</summary>
    /// <param name="change">Tells the change from every other one, since S3 tells versions by their content.</param>
    public async Task SetAsync(string environment, string change)
    {
        using MemoryStream content = new(Encoding.UTF8.GetBytes(change));
        await store.WriteAsync(
            RegistryLayout.ChangeMark(environment),
            content,
            WriteCondition.Always,
            "text/plain; charset=utf-8",
            CancellationToken.None
        );
    }
}
