using System.ComponentModel.DataAnnotations;
using Serverless.Storage;

namespace Serverless.Registry.Shared;

/// <summary>
/// A store of versions that several deployments share; left empty, there is none. Aliases, histories, reports and golden sets are each
/// deployment's own.
/// </summary>
public sealed class SharedRegistryOptions : IValidatableObject
{
    /// <summary>Of an account in which this deployment may read, or where it publishes, write.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>For instance https://account.blob.core.windows.net; signs in with the identity of the process.</summary>
    public Uri? BlobServiceUri { get; set; }

    /// <summary>Whether versions that are registered here are put there too; default false, which needs no right but to read.</summary>
    public bool Publishes { get; set; }

    internal AzureStorageOptions Store => new() { ConnectionString = ConnectionString, BlobServiceUri = BlobServiceUri };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(ConnectionString) && BlobServiceUri is not null)
        {
            yield return new($"BlobServiceUri is '{BlobServiceUri}' beside a ConnectionString; allowed is one of the two.");
        }
        if (Publishes && !Store.IsConfigured)
        {
            yield return new("Publishes is true and no store is named; ConnectionString or BlobServiceUri must stand beside it.");
        }
    }
}
