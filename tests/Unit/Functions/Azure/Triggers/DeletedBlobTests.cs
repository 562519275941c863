using System.Text.Json;
using Serverless.Functions.Azure.Triggers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Triggers;

public sealed class DeletedBlobTests
{
    [Theory]
    [InlineData("a/b.txt", "a/b.txt")]
    [InlineData("100%25 ä.txt", "100%25 ä.txt", "100% ä.txt")]
    [InlineData("blobs/blobs/a", "blobs/blobs/a")]
    public void NamesIn_AnEvent_HasTheNameAndWhatItMayMean(string name, params string[] keys)
    {
        string subject = $"/blobServices/default/containers/media/blobs/{name}";

        foreach (string type in (string[])["eventType", "type"]) // Event Grid's own schema, and CloudEvents
        {
            Assert.Equal(keys.Select(key => ("media", key)), NamesIn(type, "Microsoft.Storage.BlobDeleted", subject));
        }
    }

    [Fact]
    public void NamesIn_AnotherEvent_IsNothing() => Assert.Empty(NamesIn("eventType", "Microsoft.Storage.BlobCreated", "/x"));

    [Theory]
    [InlineData("""[1]""")]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobDeleted"}""")]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobDeleted","subject":"/blobServices/default/containers/media"}""")]
    public void NamesIn_WhatIsNoEvent_SaysWhatIsExpected(string message)
    {
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => DeletedBlob.NamesIn(new BinaryData(message)));

        Assert.Contains("expected is", refused.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string, string)> NamesIn(string typeName, string type, string subject) =>
        DeletedBlob.NamesIn(
            new BinaryData(JsonSerializer.Serialize(new Dictionary<string, string> { [typeName] = type, ["subject"] = subject }))
        );
}
