using System.Text.Json;
using Google.Protobuf;
using Serverless.Infra.Terraform.Protocol;

namespace Serverless.Infra.Terraform;

/// <summary>Makes the messages of the plugin protocol from what <c>distill.mjs</c> wrote.</summary>
internal static class SchemaReader
{
    public static GetProviderSchema.Types.Response Read(string path)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = json.RootElement;
        GetProviderSchema.Types.Response response = new() { Provider = Schema(root.GetProperty("provider")) };
        foreach (JsonProperty resource in root.GetProperty("resources").EnumerateObject())
        {
            response.ResourceSchemas.Add(resource.Name, Schema(resource.Value));
        }
        foreach (JsonProperty data in root.GetProperty("dataSources").EnumerateObject())
        {
            response.DataSourceSchemas.Add(data.Name, Schema(data.Value));
        }
        return response;
    }

    private static Schema Schema(JsonElement block) => new() { Block = Block(block) };

    private static Schema.Types.Block Block(JsonElement json)
    {
        Schema.Types.Block block = new();
        foreach (JsonProperty attribute in json.GetProperty("attributes").EnumerateObject())
        {
            string[] modes = attribute.Value.GetProperty("mode").GetString()!.Split(' ');
            block.Attributes.Add(
                new Schema.Types.Attribute
                {
                    Name = attribute.Name,
                    Type = ByteString.CopyFromUtf8(attribute.Value.GetProperty("type").GetRawText()),
                    Required = modes.Contains("required"),
                    Optional = modes.Contains("optional"),
                    Computed = modes.Contains("computed"),
                }
            );
        }
        foreach (JsonProperty nested in json.GetProperty("blocks").EnumerateObject())
        {
            block.BlockTypes.Add(
                new Schema.Types.NestedBlock
                {
                    TypeName = nested.Name,
                    Block = Block(nested.Value.GetProperty("block")),
                    Nesting = Nesting(nested.Value.GetProperty("nesting").GetString()!),
                    MinItems = nested.Value.GetProperty("min").GetInt64(),
                    MaxItems = nested.Value.GetProperty("max").GetInt64(),
                }
            );
        }
        return block;
    }

    private static Schema.Types.NestedBlock.Types.NestingMode Nesting(string name) =>
        Enum.Parse<Schema.Types.NestedBlock.Types.NestingMode>(name, ignoreCase: true);
}
