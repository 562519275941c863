using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.Runtime.Invocation;

/// <summary>Turns a message or blob into the type that a parameter asks for, and outputs into bytes.</summary>
internal static class Payload
{
    /// <summary>Raw types, and whatever JSON can fill.</summary>
    public static bool CanRead(Type type) =>
        type == typeof(string) || type == typeof(byte[]) || type == typeof(BinaryData) || type == typeof(Stream)
        || !(type.IsInterface || type.IsPointer || type.IsByRefLike || typeof(Delegate).IsAssignableFrom(type) || (type.IsAbstract && type.IsClass));

    public static object? Read(BinaryData data, Type type, JsonSerializerOptions json)
    {
        if (type == typeof(string))
            return data.ToString();
        if (type == typeof(byte[]))
            return data.ToArray();
        if (type == typeof(BinaryData))
            return data;
        if (type == typeof(Stream))
            return data.ToStream();
        try
        {
            return JsonSerializer.Deserialize(data, type, json);
        }
        catch (JsonException malformed)
        {
            throw new FunctionInputConverterException($"The {data.ToMemory().Length} bytes are not JSON for {type.Name}: {malformed.Message}", malformed);
        }
    }

    public static BinaryData Write(object value, JsonSerializerOptions json) => value switch
    {
        BinaryData data => data,
        byte[] bytes => BinaryData.FromBytes(bytes),
        string text => BinaryData.FromString(text),
        _ => BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), json)),
    };
}
