using System.Text.Json;
using Serverless.Functions.Azure.Triggers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Triggers;

public sealed class ChangedBlobTests
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

    [Theory]
    [InlineData("Microsoft.Storage.BlobDeleted", true)]
    [InlineData("Microsoft.Storage.BlobCreated", false)]
    [InlineData("Microsoft.Storage.BlobTierChanged", false)]
    public void Read_TellsADeletionFromAChange(string type, bool isDeleted)
    {
        ChangedBlob changed = Read("eventType", type, "/blobServices/default/containers/media/blobs/a")!;

        Assert.Equal((isDeleted, "media", "a"), (changed.IsDeleted, changed.Container, Assert.Single(changed.Keys)));
    }

    [Fact]
    public void Read_AnotherEvent_IsNothing() => Assert.Null(Read("eventType", "Microsoft.Storage.BlobRenamed", "/x"));

    [Theory]
    [InlineData("""[1]""")]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobDeleted"}""")]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobDeleted","subject":"/blobServices/default/containers/media"}""")]
    public void NamesIn_WhatIsNoEvent_SaysWhatIsExpected(string message)
    {
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => ChangedBlob.Read(new BinaryData(message)));

        Assert.Contains("expected is", refused.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string, string)> NamesIn(string typeName, string type, string subject) =>
        Read(typeName, type, subject)!.Keys.Select(key => ("media", key));

    private static ChangedBlob? Read(string typeName, string type, string subject) =>
        ChangedBlob.Read(
            new BinaryData(JsonSerializer.Serialize(new Dictionary<string, string> { [typeName] = type, ["subject"] = subject }))
        );
}
