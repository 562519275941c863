using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Serverless.Local.Host.Functions;
using Serverless.Local.Host.Worker.Messages;
using Xunit;

namespace Serverless.Unit.Local.Host.Functions;

public sealed class RpcValuesTests
{
    [Fact]
    public void ToRpc_Kinds_GoAsTheWorkerExpects()
    {
        Assert.Equal("text", RpcValues.ToRpc("text").String);
        Assert.Equal([1, 2], RpcValues.ToRpc(new byte[] { 1, 2 }).Bytes.ToByteArray());
        Assert.Equal("3", RpcValues.ToRpc(3).Json);
        Assert.Equal(["a", "b"], RpcValues.ToRpc(new[] { "a", "b" }).CollectionString.String);
        Assert.Equal(TypedData.DataOneofCase.None, RpcValues.ToRpc(null).DataCase);
    }

    [Fact]
    public void AddMetadata_WhatOnlyTheHostCanUse_IsLeftOut()
    {
        MapField<string, TypedData> metadata = [];

        RpcValues.AddMetadata(
            metadata,
            new Dictionary<string, object>
            {
                ["name"] = "a.txt",
                ["DequeueCount"] = 2L,
                ["stream"] = Stream.Null,
            }
        );

        Assert.Equal(["DequeueCount", "name"], metadata.Keys.Order());
    }

    [Theory]
    [InlineData("""["a",{"b":1}]""", "a|{\"b\":1}")]
    [InlineData("""{"b":1}""", "{\"b\":1}")]
    [InlineData("\"a\"", "a")]
    public void Messages_Json_IsOneForEachElement(string json, string expected)
    {
        IEnumerable<byte[]> messages = RpcValues.Messages(new TypedData { Json = json });

        Assert.Equal(expected, string.Join('|', messages.Select(Encoding.UTF8.GetString)));
    }

    [Fact]
    public void Messages_Nothing_IsNone() => Assert.Empty(RpcValues.Messages(new TypedData()));

    [Fact]
    public void Result_TextThatLooksLikeADate_StaysText() =>
        Assert.Equal("2026-03-01T00:00:00Z", RpcValues.Result(new TypedData { Json = "\"2026-03-01T00:00:00Z\"" }));

    [Fact]
    public void Content_Bytes_AreTakenAsTheyAre() =>
        Assert.Equal([7, 8], RpcValues.Content(new TypedData { Bytes = ByteString.CopyFrom(7, 8) }));
}
