using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Serving;

/// <summary>
/// Gives the folders of versions that are to be served. One that was registered without a load report is first loaded in a process of its
/// own; where that fails it is not served.
/// </summary>
public sealed class TriedPackages(
    ModelRegistry registry,
    PackageCache packages,
    FirstLoadReports loads,
    LoadTrial tryLoad,
    ServingOptions options
)
{
    /// <exception cref="ModelRejectedException">
    /// The version is gone, or was changed in the store, or does not load: no further try will do.
    /// </exception>
    public async Task<string> FetchAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        try
        {
            string folder = await packages.FetchAsync(version, cancellationToken);
            if (
                await loads.FindAsync(version, cancellationToken) is null
                && await registry.FindAsync(version, cancellationToken) is { } manifest
            )
            {
                ModelReference reference = new(version.Name, $"{version.Version}", manifest.Digest);
                await loads.WriteAsync(version, await tryLoad(folder, reference, options.Limits, cancellationToken), cancellationToken);
            }
            return folder;
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.Corrupt or RegistryFault.Missing)
        {
            throw new ModelRejectedException(e.Message, e);
        }
    }
}
