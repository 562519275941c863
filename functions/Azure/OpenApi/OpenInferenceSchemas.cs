using System.Text.Json.Nodes;

namespace Serverless.Functions.Azure.OpenApi;

/// <summary>The objects of the Open Inference Protocol that are read and written by spans, without records.</summary>
internal static class OpenInferenceSchemas
{
    public const string Request = "InferenceRequest";
    public const string Response = "InferenceResponse";

    private const string Tensor = """
        "name": { "type": "string" },
        "shape": { "type": "array", "items": { "type": "integer", "minimum": 0 } },
        "datatype": { "enum": ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "BYTES"] },
        "parameters": { "$ref": "#/components/schemas/InferenceParameters" },
        "data": { "type": "array", "description": "Row by row, flat or nested as the shape; absent where the parameter binary_data_size says that it follows the JSON", "items": {} }
        """;

    public static void AddTo(OpenApiSchemas schemas)
    {
        schemas.Add(
            "InferenceParameters",
            Parse("""{ "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } }""")
        );
        schemas.Add(
            "InferenceTensor",
            Parse($$"""{ "type": "object", "required": ["name", "shape", "datatype"], "properties": { {{Tensor}} } }""")
        );
        schemas.Add(
            "InferenceOutput",
            Parse(
                """
                {
                  "type": "object", "required": ["name"],
                  "properties": { "name": { "type": "string" }, "parameters": { "$ref": "#/components/schemas/InferenceParameters" } }
                }
                """
            )
        );
        schemas.Add(
            Request,
            Parse(
                """
                {
                  "type": "object", "required": ["inputs"],
                  "properties": {
                    "id": { "type": "string" },
                    "parameters": { "$ref": "#/components/schemas/InferenceParameters" },
                    "inputs": { "type": "array", "minItems": 1, "items": { "$ref": "#/components/schemas/InferenceTensor" } },
                    "outputs": { "type": "array", "items": { "$ref": "#/components/schemas/InferenceOutput" } }
                  }
                }
                """
            )
        );
        schemas.Add(
            Response,
            Parse(
                """
                {
                  "type": "object", "required": ["model_name", "model_version", "outputs"],
                  "properties": {
                    "model_name": { "type": "string" },
                    "model_version": { "type": "string" },
                    "id": { "type": "string" },
                    "parameters": { "$ref": "#/components/schemas/InferenceParameters" },
                    "outputs": { "type": "array", "items": { "$ref": "#/components/schemas/InferenceTensor" } }
                  }
                }
                """
            )
        );
    }

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}
