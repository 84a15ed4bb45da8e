# Ceph's RADOS Gateway with all that it needs, on one host: a monitor, a manager, and
# an OSD that keeps everything in memory. Read by run, whose functions it uses.

install_ceph() {
	command -v radosgw ceph-mon ceph-osd ceph-mgr ceph monmaptool >/dev/null && return
	local as_root=()
	[ "$(id -u)" -eq 0 ] || as_root=(sudo)
	"${as_root[@]}" apt-get update -qq &&
		DEBIAN_FRONTEND=noninteractive limited "${as_root[@]}" apt-get install -qq -y --no-install-recommends \
			ceph-mon ceph-osd ceph-mgr radosgw ceph-common
}

version_ceph() { radosgw --version | sed 's/^ceph version \([^ ]*\).*/\1/'; }

ceph_conf() {
	cat <<-END
		[global]
		fsid = $1
		mon host = [v2:127.0.0.1:$2/0]
		public addr = 127.0.0.1
		cluster addr = 127.0.0.1
		ms bind ipv6 = false
		auth allow insecure global id reclaim = false
		osd pool default size = 1
		osd pool default min size = 1
		osd pool default pg num = 4
		osd pool default pgp num = 4
		osd pool default pg autoscale mode = off
		osd crush chooseleaf type = 0
		mon allow pool size one = true
		mon max pg per osd = 1000
		mon data avail crit = 1
		osd objectstore = memstore
		memstore device bytes = 4294967296
		keyring = $dir/keyring
		run dir = $dir
		admin socket = $dir/\$name.asok
		log file = $dir/\$name.log
		mon data = $dir/mon
		osd data = $dir/osd
		mgr data = $dir/mgr
		rgw data = $dir/rgw
		[mon.a]
		public addr =
		[client.rgw]
		rgw frontends = beast endpoint=127.0.0.1:$port
	END
}

# ceph_keys makes a key for each daemon.
ceph_keys() {
	local key=(ceph-authtool "$dir/keyring" --gen-key)
	"${key[@]}" --create-keyring -n mon. --cap mon 'allow *' &&
		"${key[@]}" -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' &&
		"${key[@]}" -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' --cap mgr 'allow profile osd' &&
		"${key[@]}" -n mgr.x --cap mon 'allow profile mgr' --cap osd 'allow *' &&
		"${key[@]}" -n client.rgw --cap mon 'allow rwx' --cap osd 'allow rwx' --cap mgr 'allow rw'
}

# ceph_until repeats a command of ceph until its answer holds a text.
ceph_until() {
	local text=$1
	shift
	for _ in $(seq 60); do
		timeout 30 ceph -c "$dir/ceph.conf" "$@" 2>&1 | grep -q "$text" && return
		sleep 1
	done
	return 1
}

start_ceph() {
	dialect=ceph
	start_ceph_quietly >>"$dir/log" 2>&1
}

start_ceph_quietly() {
	local conf=$dir/ceph.conf fsid osd mon
	fsid=$(cat /proc/sys/kernel/random/uuid)
	osd=$(cat /proc/sys/kernel/random/uuid)
	mon=$(free_port)
	mkdir "$dir"/{mon,osd,mgr,rgw}
	ceph_conf "$fsid" "$mon" >"$conf"
	ceph_keys &&
		monmaptool --create --fsid "$fsid" --enable-all-features --addv a "[v2:127.0.0.1:$mon]" "$dir/monmap" &&
		ceph-mon -c "$conf" -i a --mkfs --monmap "$dir/monmap" --keyring "$dir/keyring" || return
	spawn ceph-mon -c "$conf" -f -i a
	ceph_until quorum -s &&
		timeout 30 ceph -c "$conf" osd new "$osd" 0 &&
		ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$osd" &&
		timeout 30 ceph -c "$conf" auth import -i "$dir/keyring" &&
		timeout 30 ceph -c "$conf" osd crush add osd.0 1.0 root=default host=here || return
	spawn ceph-osd -c "$conf" -f -i 0
	spawn ceph-mgr -c "$conf" -f -i x
	ceph_until '1 up' osd stat || return
	spawn radosgw -c "$conf" -f -n client.rgw
	answers && timeout 60 radosgw-admin -c "$conf" -n client.rgw user create --uid=kit --display-name=kit \
		--access-key="$access" --secret-key="$secret" --max-buckets=0
}
