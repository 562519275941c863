using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>Fills parameters from blobs and writes results to blobs, at paths that may hold parts of the event.</summary>
internal sealed class BlobBindings(Settings settings) : IInputKind, IOutputKind
{
    public ParameterBinding? Plan(InputBindingAttribute attribute, ParameterSite site)
    {
        if (attribute is not BlobInputAttribute input)
            return null;
        if (!BlobContent.CanRead(site.Type))
            site.Reject($"a blob cannot become {site.Type.Name}; allowed are {BlobContent.Types}");
        var path = new BindingTemplate(settings.Resolve(input.BlobPath, site.Place));
        var connection = settings.ConnectionString(input.Connection, site.Place);
        return context => ReadAsync(context, path, connection, site.Type);
    }

    public (string Type, OutputWriter Write)? Plan(OutputBindingAttribute attribute, string place)
    {
        if (attribute is not BlobOutputAttribute output)
            return null;
        var path = new BindingTemplate(settings.Resolve(output.BlobPath, place));
        var connection = settings.ConnectionString(output.Connection, place);
        return ("blob", (context, value, cancellationToken) => WriteAsync(context, path, connection, value, cancellationToken));
    }

    private static async ValueTask<object?> ReadAsync(InvocationContext context, BindingTemplate path, string connection, Type type)
    {
        var (container, name) = Locate(context, path, connection);
        try
        {
            return await BlobContent.ReadAsync(container, name, etag: null, type, Json(context), context.CancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null; // as in the official host: the function decides what absence means
        }
    }

    private static async Task WriteAsync(InvocationContext context, BindingTemplate path, string connection, object value, CancellationToken cancellationToken)
    {
        var (container, name) = Locate(context, path, connection);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        if (value is Stream stream)
            await container.GetBlobClient(name).UploadAsync(stream, overwrite: true, cancellationToken);
        else
            await container.GetBlobClient(name).UploadAsync(Payload.Write(value, Json(context)), overwrite: true, cancellationToken);
    }

    private static (BlobContainerClient Container, string Name) Locate(InvocationContext context, BindingTemplate template, string connection)
    {
        var path = template.Fill(context);
        var slash = path.IndexOf('/');
        var container = slash < 0 ? path : path[..slash];
        return (context.InstanceServices.GetRequiredService<StorageClients>().Blobs(connection).GetBlobContainerClient(container), path[(slash + 1)..]);
    }

    private static JsonSerializerOptions Json(InvocationContext context) => context.InstanceServices.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
}
