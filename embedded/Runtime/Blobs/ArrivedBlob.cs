using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>A blob trigger's event: one version of one blob.</summary>
internal sealed record ArrivedBlob(BlobContainerClient Container, string Name, BlobProperties Properties)
{
    public string ETag => Properties.ETag.ToString();

    public BlobClient Client => Container.GetBlobClient(Name);

    /// <summary>The parts of the name, and what the official host tells of a blob, JSON texts as there.</summary>
    public IReadOnlyDictionary<string, object?> BindingData(IReadOnlyDictionary<string, string> parts)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["BlobTrigger"] = $"{Container.Name}/{Name}",
            ["Uri"] = JsonSerializer.Serialize(Client.Uri),
            ["Metadata"] = JsonSerializer.Serialize(Properties.Metadata),
            ["Properties"] = JsonSerializer.Serialize(new
            {
                ETag = Properties.ETag.ToString("G"),
                Properties.LastModified,
                Properties.CreatedOn,
                Properties.ContentLength,
                Properties.ContentType,
                Properties.ContentEncoding,
                ContentHash = Properties.ContentHash is { } hash ? Convert.ToBase64String(hash) : null,
                BlobType = Properties.BlobType.ToString(),
            }),
        };
        foreach (var (name, value) in parts)
            data[name] = value;
        return data;
    }
}
