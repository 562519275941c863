using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Http;

/// <summary>Reads a request's body as the type that a parameter asks for; a stream is passed on unread.</summary>
internal sealed class RequestBody : IFromBodyConversionFeature
{
    public static readonly RequestBody Feature = new();

    public ValueTask<object?> ConvertAsync(FunctionContext context, Type targetType) => ReadAsync((InvocationContext)context, targetType);

    public static async ValueTask<object?> ReadAsync(InvocationContext context, Type type)
    {
        var request = HttpTriggerKind.HttpOf(context).Request;
        if (type == typeof(Stream))
            return request.Body;
        if (type == typeof(string) || type == typeof(byte[]) || type == typeof(BinaryData))
            return Payload.Read(await BinaryData.FromStreamAsync(request.Body, context.CancellationToken), type, JsonSerializerOptions.Web);
        var json = context.InstanceServices.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, json, context.CancellationToken);
        }
        catch (JsonException malformed)
        {
            throw new FunctionInputConverterException($"The request's body is not JSON for {type.Name}: {malformed.Message}", malformed);
        }
    }
}
