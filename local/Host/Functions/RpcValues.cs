using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Microsoft.Azure.WebJobs;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Serverless.Local.Host.Worker.Messages;

namespace Serverless.Local.Host.Functions;

/// <summary>Converts between bound values and the protocol's, as the real host does.</summary>
internal static class RpcValues
{
    public static TypedData ToRpc(object? value) =>
        value switch
        {
            null => new TypedData(),
            TypedData ready => ready,
            string text => new TypedData { String = text },
            byte[] bytes => new TypedData { Bytes = UnsafeByteOperations.UnsafeWrap(bytes) },
            double number => new TypedData { Double = number },
            ParameterBindingData reference => new TypedData { ModelBindingData = ToRpc(reference) },
            ParameterBindingData[] references => new TypedData { CollectionModelBindingData = Collection(references) },
            string[] texts => new TypedData { CollectionString = new() { String = { texts } } },
            byte[][] blocks => new TypedData { CollectionBytes = new() { Bytes = { blocks.Select(block => ByteString.CopyFrom(block)) } } },
            Stream stream => new TypedData { Stream = ByteString.FromStream(stream) },
            JToken json => new TypedData { Json = json.ToString(Formatting.None) },
            _ => new TypedData { Json = JsonConvert.SerializeObject(value) },
        };

    /// <summary>Adds the trigger's values that a function may name as parameters; what only the host can use is left out.</summary>
    public static void AddMetadata(MapField<string, TypedData> metadata, IReadOnlyDictionary<string, object> values)
    {
        foreach ((string name, object? value) in values)
        {
            if (
                value is string or DateTime or DateTimeOffset or Guid or Uri or IDictionary<string, string>
                || value?.GetType().IsPrimitive == true
            )
            {
                metadata[name] = ToRpc(value);
            }
        }
    }

    /// <summary>The messages in an output: each element of a JSON array is one, as in the real host.</summary>
    public static IEnumerable<byte[]> Messages(TypedData data) =>
        data.DataCase switch
        {
            TypedData.DataOneofCase.None => [],
            TypedData.DataOneofCase.CollectionString => data.CollectionString.String.Select(System.Text.Encoding.UTF8.GetBytes),
            TypedData.DataOneofCase.CollectionBytes => data.CollectionBytes.Bytes.Select(bytes => bytes.ToByteArray()),
            TypedData.DataOneofCase.Json when JToken.Parse(data.Json) is JArray array => array.Select(element => Utf8(TextOf(element))),
            _ => [Content(data)],
        };

    /// <summary>An output as the bytes of one object.</summary>
    public static byte[] Content(TypedData data) =>
        data.DataCase switch
        {
            TypedData.DataOneofCase.Bytes => data.Bytes.ToByteArray(),
            TypedData.DataOneofCase.Stream => data.Stream.ToByteArray(),
            TypedData.DataOneofCase.String => Utf8(data.String),
            TypedData.DataOneofCase.Json => Utf8(TextOf(JToken.Parse(data.Json))),
            TypedData.DataOneofCase.Int => Utf8(data.Int.ToString(CultureInfo.InvariantCulture)),
            TypedData.DataOneofCase.Double => Utf8(data.Double.ToString(CultureInfo.InvariantCulture)),
            _ => throw new NotSupportedException($"An output of the kind {data.DataCase} cannot be bound."),
        };

    /// <summary>What a Durable trigger takes as the function's answer.</summary>
    public static object? Result(TypedData? data) =>
        data?.DataCase switch
        {
            null or TypedData.DataOneofCase.None => null,
            TypedData.DataOneofCase.String => data.String,
            TypedData.DataOneofCase.Json => JsonConvert.DeserializeObject(data.Json, WithoutDates),
            TypedData.DataOneofCase.Bytes => data.Bytes.ToByteArray(),
            TypedData.DataOneofCase.Int => data.Int,
            TypedData.DataOneofCase.Double => data.Double,
            _ => throw new NotSupportedException($"A result of the kind {data.DataCase} cannot be returned."),
        };

    /// <summary>Texts that look like dates stay as they are.</summary>
    private static readonly JsonSerializerSettings WithoutDates = new() { DateParseHandling = DateParseHandling.None };

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string TextOf(JToken token) => token.Type == JTokenType.String ? (string)token! : token.ToString(Formatting.None);

    private static ModelBindingData ToRpc(ParameterBindingData reference) =>
        new()
        {
            Version = reference.Version,
            Source = reference.Source,
            ContentType = reference.ContentType,
            Content = UnsafeByteOperations.UnsafeWrap(reference.Content.ToMemory()),
        };

    private static CollectionModelBindingData Collection(ParameterBindingData[] references) =>
        new() { ModelBindingData = { references.Where(reference => reference is not null).Select(ToRpc) } };
}
