namespace Serverless.Infra.Terraform;

/// <summary>A root module: one environment of one cloud.</summary>
public sealed record Root(string Cloud, string Environment)
{
    private static readonly string[] Clouds = ["azure", "aws"];
    private static readonly string[] Environments = ["dev", "qa", "prod"];

    public static IEnumerable<Root> All => Clouds.SelectMany(cloud => Environments.Select(environment => new Root(cloud, environment)));

    public override string ToString() => $"{Cloud}/{Environment}";
}
