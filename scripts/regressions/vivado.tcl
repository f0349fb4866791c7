# A stand-in for the commands of Vivado that projects use: keeps what they make, and ends with an error where a file, a
# cell, a pin, an interface or an address is named that does not exist, is connected twice, or is left open.
#
# usage: tclsh vivado.tcl BLOCK SCRIPT...
#
#   BLOCK   a file of Tcl that sets what is known of the exported block: `vlnv`, and in the lists `inputs`, `outputs`,
#           `managers`, `subordinates` and `segments` its pins, its interfaces and its address segments, and in `clock`
#           the pin that clocks it

set state [dict create]
array set cells {}        ;# cell -> type
array set configuration {} ;# cell,setting -> value
array set driver {}       ;# sink -> source
array set linked {}       ;# interface -> interface
array set externals {}    ;# port at the edge -> direction
array set edges {}        ;# interface at the edge -> {mode protocol}
array set moduleOf {}     ;# module of an added file -> its pins, a dictionary of name to kind
array set addresses {}    ;# segment -> {offset range}
set repositories {}
set indexed 0
set inRepositories 0
array set designs {}
array set propertiesOfProject {}
set made {}
set validated 0

# What the description of the board KCU1500 calls its interfaces.
set boardInterfaces {ddr4_sdram_c0 ddr4_sdram_c1 ddr4_sdram_c2 ddr4_sdram_c3 default_300mhz_clk0 default_300mhz_clk1
  default_300mhz_clk2 default_300mhz_clk3 pci_express_x1 pci_express_x2 pci_express_x4 pci_express_x8 pcie_refclk
  pcie_perstn}

source [lindex $argv 0]

proc fail {text} { return -code error $text }

# The options of a command, a dictionary, and its other arguments. Options in `flags` have no value.
proc options {arguments {flags {}}} {
  set found [dict create]
  set rest {}
  for {set i 0} {$i < [llength $arguments]} {incr i} {
    set word [lindex $arguments $i]
    if {[string match {-[a-z]*} $word]} {
      if {$word in $flags} { dict set found $word 1 } else { dict set found $word [lindex $arguments [incr i]] }
    } else { lappend rest $word }
  }
  return [list $found $rest]
}

proc setting {cell name {default {}}} {
  global configuration
  return [expr {[info exists configuration($cell,$name)] ? $configuration($cell,$name) : $default}]
}

# The pins and interfaces that a cell has as it is configured: a dictionary of name to kind.
proc pins {cell} {
  global cells vlnv inputs outputs managers subordinates
  set type $cells($cell)
  set result [dict create]
  switch -glob $type {
    xilinx.com:ip:processing_system7* {
      if {[setting $cell PCW_EN_CLK0_PORT] eq 1} { dict set result FCLK_CLK0 output }
      if {[setting $cell PCW_EN_RST0_PORT] eq 1} { dict set result FCLK_RESET0_N output }
      if {[setting $cell PCW_USE_M_AXI_GP0 1] eq 1} {
        dict set result M_AXI_GP0 manager
        dict set result M_AXI_GP0_ACLK input
      }
      foreach n {0 1 2 3} {
        if {[setting $cell PCW_USE_S_AXI_HP$n] eq 1} {
          dict set result S_AXI_HP$n subordinate
          dict set result S_AXI_HP${n}_ACLK input
        }
      }
      if {[setting $cell PCW_USE_FABRIC_INTERRUPT] eq 1 && [setting $cell PCW_IRQ_F2P_INTR] eq 1} {
        dict set result IRQ_F2P optional
      }
    }
    xilinx.com:ip:zynq_ultra_ps_e* {
      if {[setting $cell PSU__FPGA_PL0_ENABLE 1] eq 1} {
        dict set result pl_clk0 output
        dict set result pl_resetn0 output
      }
      foreach {n name} {0 HPM0_FPD 1 HPM1_FPD 2 HPM0_LPD} {
        if {[setting $cell PSU__USE__M_AXI_GP$n [expr {$n < 2}]] eq 1} {
          dict set result M_AXI_$name manager
          dict set result maxi[string tolower $name]_aclk input
        }
      }
      foreach n {0 1 2 3} {
        if {[setting $cell PSU__USE__S_AXI_GP[expr {$n + 2}]] eq 1} {
          dict set result S_AXI_HP${n}_FPD subordinate
          dict set result saxihp${n}_fpd_aclk input
        }
      }
      if {[setting $cell PSU__USE__IRQ0] eq 1} { dict set result pl_ps_irq0 optional }
    }
    xilinx.com:ip:proc_sys_reset* {
      foreach name {slowest_sync_clk ext_reset_in} { dict set result $name input }
      foreach name {aux_reset_in mb_debug_sys_rst dcm_locked} { dict set result $name optional }
      foreach name {mb_reset bus_struct_reset peripheral_reset interconnect_aresetn peripheral_aresetn} {
        dict set result $name output
      }
    }
    xilinx.com:ip:smartconnect* {
      foreach name {aclk aresetn} { dict set result $name input }
      for {set n 1} {$n < [setting $cell NUM_CLKS 1]} {incr n} { dict set result aclk$n input }
      for {set n 0} {$n < [setting $cell NUM_SI 2]} {incr n} { dict set result [format S%02d_AXI $n] subordinate }
      for {set n 0} {$n < [setting $cell NUM_MI 1]} {incr n} { dict set result [format M%02d_AXI $n] manager }
    }
    xilinx.com:ip:util_ds_buf* {
      dict set result CLK_IN_D subordinate
      dict set result IBUF_OUT output
      if {[setting $cell C_BUF_TYPE IBUFDS] eq {IBUFDSGTE}} { dict set result IBUF_DS_ODIV2 output }
    }
    xilinx.com:ip:xdma* {
      foreach name {sys_clk sys_clk_gt sys_rst_n usr_irq_req} { dict set result $name input }
      foreach name {axi_aclk axi_aresetn usr_irq_ack user_lnk_up} { dict set result $name output }
      dict set result pcie_mgt manager
      if {[setting $cell xdma_axi_intf_mm AXI_Memory_Mapped] eq {AXI_Memory_Mapped}} { dict set result M_AXI manager }
      if {[setting $cell axilite_master_en false]} { dict set result M_AXI_LITE manager }
    }
    xilinx.com:ip:ddr4* {
      foreach name {sys_rst c0_ddr4_aresetn} { dict set result $name input }
      foreach name {c0_ddr4_ui_clk c0_ddr4_ui_clk_sync_rst c0_init_calib_complete} { dict set result $name output }
      foreach name {C0_SYS_CLK C0_DDR4_S_AXI} { dict set result $name subordinate }
      dict set result C0_DDR4 manager
      # All memories of the board but the second have error correction, which has registers of its own.
      if {[setting $cell C0_DDR4_BOARD_INTERFACE] ne {ddr4_sdram_c1}} { dict set result C0_DDR4_S_AXI_CTRL subordinate }
    }
    xilinx.com:ip:clk_wiz* {
      dict set result clk_in1 input
      dict set result clk_out1 output
      if {[setting $cell USE_RESET true]} { dict set result reset input }
      if {[setting $cell USE_LOCKED true]} { dict set result locked output }
    }
    xilinx.com:ip:util_vector_logic* {
      dict set result Op1 input
      if {[setting $cell C_OPERATION and] ne {not}} { dict set result Op2 input }
      dict set result Res output
    }
    xilinx.com:ip:xlconstant* { dict set result dout output }
    module:* { set result $::moduleOf([string range $type 7 end]) }
    default {
      foreach name $inputs { dict set result $name input }
      foreach name $outputs { dict set result $name output }
      foreach name $managers { dict set result $name manager }
      foreach name $subordinates { dict set result $name subordinate }
    }
  }
  return $result
}

proc found {path kinds} {
  global cells
  lassign [split $path /] cell pin
  if {![info exists cells($cell)]} { fail "there is no cell '$cell'" }
  set pins [pins $cell]
  if {![dict exists $pins $pin] || [dict get $pins $pin] ni $kinds} {
    fail "the cell '$cell' has no '$pin' among its [join $kinds { or }]s"
  }
  return $path
}

# What passes at an interface of a cell.
proc protocol {cell pin} {
  switch -glob $::cells($cell)/$pin {
    xilinx.com:ip:util_ds_buf*/CLK_IN_D - xilinx.com:ip:ddr4*/C0_SYS_CLK { return diff_clock_rtl }
    xilinx.com:ip:ddr4*/C0_DDR4 { return ddr4_rtl }
    xilinx.com:ip:xdma*/pcie_mgt { return pcie_7x_mgt_rtl }
    default { return [expr {"$cell/$pin" in $::open ? {axis} : {aximm}}] }
  }
}

# The pin that clocks an interface of a cell with addresses; empty for a cell between buses, which has several.
proc clockPin {cell pin} {
  switch -glob $::cells($cell) {
    xilinx.com:ip:smartconnect* { return {} }
    xilinx.com:ip:processing_system7* { return ${pin}_ACLK }
    xilinx.com:ip:zynq_ultra_ps_e* {
      return [string map {m_axi maxi s_axi saxi _ {} fpd _fpd lpd _lpd} [string tolower $pin]]_aclk
    }
    xilinx.com:ip:xdma* { return axi_aclk }
    xilinx.com:ip:ddr4* { return c0_ddr4_ui_clk }
    default { return $::clock }
  }
}

# What gives the clock at a pin.
proc clockAt {path} {
  if {[drives $path]} { return $path }
  return [expr {[info exists ::driver($path)] ? $::driver($path) : {}}]
}

# MARK: Projects

proc create_project {args} {
  lassign [options $args {-force}] found rest
  if {[llength $rest] != 2} { fail "create_project takes a name and a folder" }
  if {![regexp {^xc[a-z0-9]+-[a-z0-9-]+$|^xc7z[0-9]+[a-z]+[0-9]+-[0-9]$} [dict get $found -part]]} {
    fail "'[dict get $found -part]' is no part"
  }
  lassign $rest name folder
  file mkdir $folder
  set handle [open [file join $folder $name.xpr] w]
  close $handle
  dict set ::state name $name
  dict set ::state folder $folder
}

proc current_project {} { if {![dict exists $::state name]} { fail "no project is open" }; return project }
proc current_fileset {} { current_project; return sources_1 }

proc open_project {path} {
  if {![file isfile $path]} { fail "there is no project '$path'" }
  dict set ::state name [file rootname [file tail $path]]
  dict set ::state folder [file dirname $path]
}

proc get_board_parts {args} {
  lassign [options $args {-quiet -latest_file_version}] found rest
  if {[llength $rest] != 1} { fail "get_board_parts takes a pattern" }
  return [expr {$::boardIsKnown ? [string map {* 1.0} [lindex $rest 0]] : {}}]
}

proc set_property {args} {
  global configuration repositories indexed cells propertiesOfProject
  if {[lindex $args 0] eq "-dict"} {
    set values [lindex $args 1]
    set target [lindex $args 2]
  } else {
    set values [lrange $args 0 1]
    set target [lindex $args 2]
  }
  if {[llength $values] % 2} { fail "set_property takes pairs" }
  foreach {name value} $values {
    if {[regexp {^CONFIG\.(\w+)$} $name _ setting]} {
      if {[info exists ::externals($target)] || [info exists ::edges($target)]} { continue }
      if {![info exists cells($target)]} { fail "there is no cell '$target'" }
      if {[string match *_BOARD_INTERFACE $setting] && $value ni $::boardInterfaces} {
        fail "the board has no interface '$value'"
      }
      set configuration($target,$setting) $value
    } elseif {$name eq "ip_repo_paths"} {
      foreach path $value { if {![file isfile [file join $path component.xml]]} { fail "there is no block in '$path'" } }
      set repositories $value
    } elseif {$name in {board_part top}} {
      set propertiesOfProject($name) $value
    } else { fail "there is no property '$name'" }
  }
}

proc get_property {name object} {
  switch $name {
    PROGRESS { return 100% }
    SLACK { return $::slack }
    default { fail "there is no property '$name'" }
  }
}

proc update_ip_catalog {} { set ::indexed [expr {[llength $::repositories] > 0}] }

proc add_files {args} {
  lassign [options $args {-norecurse}] found rest
  if {[dict exists $found -fileset] && [dict get $found -fileset] ni {sources_1 constrs_1 sim_1}} {
    fail "there is no set of files '[dict get $found -fileset]'"
  }
  foreach path $rest {
    if {![file isfile $path] && $path ni $::made} { fail "there is no file '$path'" }
    if {[file extension $path] eq {.v} && [file isfile $path]} { readModule $path }
  }
}

# Keeps the pins of a file's module.
proc readModule {path} {
  set handle [open $path]
  set text [read $handle]
  close $handle
  if {![regexp {\nmodule (\w+) \(} $text _ name]} { fail "'$path' has no module" }
  set pins [dict create]
  foreach {_ direction pin} [regexp -all -inline {(input|output)\s+wire\s+(\w+)} $text] {
    dict set pins $pin $direction
  }
  set ::moduleOf($name) $pins
}

proc get_files {name} {
  if {![info exists ::designs([file rootname $name])]} { fail "the project has no file '$name'" }
  return $name
}

proc update_compile_order {args} {
  lassign [options $args] found rest
  if {[dict get $found -fileset] ne "sources_1"} { fail "there is no set of files '[dict get $found -fileset]'" }
}

# MARK: Block designs

proc create_bd_design {name} { current_project; set ::designs($name) 1 }

proc create_bd_cell {args} {
  global cells vlnv
  lassign [options $args] found name
  if {[array size ::designs] == 0} { fail "there is no block design" }
  if {[info exists cells($name)]} { fail "there is a cell '$name' already" }
  if {[dict get $found -type] eq {module}} {
    set module [dict get $found -reference]
    if {![info exists ::moduleOf($module)]} { fail "no file of the project has a module '$module'" }
    set cells($name) module:$module
    return $name
  }
  set type [dict get $found -vlnv]
  set known {}
  foreach part {processing_system7 zynq_ultra_ps_e proc_sys_reset smartconnect xdma ddr4 util_ds_buf clk_wiz
    util_vector_logic xlconstant} { lappend known xilinx.com:ip:$part }
  if {$type ni $known && !($::indexed && $type eq $vlnv)} { fail "the catalogue has no '$type'" }
  set cells($name) $type
  return $name
}

proc apply_bd_automation {args} {
  global cells
  lassign [options $args] found cell
  if {![info exists cells($cell)]} { fail "there is no cell '$cell'" }
  set rule [dict get $found -rule]
  if {[string map {:bd_rule: :ip:} $rule] ne $cells($cell)} { fail "the rule '$rule' is not for '$cell'" }
  set values [dict get $found -config]
  if {[llength $values] % 2} { fail "the configuration '$values' is no list of pairs" }
  if {[dict get $values apply_board_preset] && !$::boardIsKnown} { fail "there is no description of the board" }
}

proc create_bd_port {args} {
  global externals
  lassign [options $args] found name
  set direction [dict get $found -dir]
  if {$direction ni {I O}} { fail "'$direction' is no direction" }
  if {[info exists externals($name)]} { fail "there is a port '$name' already" }
  set externals($name) $direction
}

proc create_bd_intf_port {args} {
  global edges externals
  lassign [options $args] found name
  set vlnv [dict get $found -vlnv]
  if {![regexp {^xilinx\.com:interface:(diff_clock_rtl|ddr4_rtl|pcie_7x_mgt_rtl):1\.0$} $vlnv _ protocol]} {
    fail "'$vlnv' is no interface"
  }
  if {[dict get $found -mode] ni {Master Slave}} { fail "'[dict get $found -mode]' is no side of an interface" }
  if {[info exists edges($name)] || [info exists externals($name)]} { fail "there is a port '$name' already" }
  set edges($name) [list [dict get $found -mode] $protocol]
}

proc get_bd_intf_ports {name} {
  if {![info exists ::edges($name)]} { fail "there is no interface '$name' at the edge" }
  return $name
}

proc get_bd_ports {name} {
  if {![info exists ::externals($name)]} { fail "there is no port '$name'" }
  return $name
}

# Whether a pin, or a port at the edge, gives a net its value.
proc drives {path} {
  global externals
  if {[info exists externals($path)]} { return [expr {$externals($path) eq "I"}] }
  lassign [split $path /] cell pin
  return [expr {[dict get [pins $cell] $pin] eq "output"}]
}

proc get_bd_cells {name} { if {![info exists ::cells($name)]} { fail "there is no cell '$name'" }; return $name }
proc get_bd_pins {path} { return [found $path {input output optional}] }
proc get_bd_intf_pins {path} { return [found $path {manager subordinate}] }

proc get_bd_addr_segs {path} {
  lassign [split $path /] cell interface segment
  if {[info exists ::cells($cell)] && [string match *:ddr4 $::cells($cell)]} {
    if {"$interface/$segment" ne {C0_DDR4_MEMORY_MAP/C0_DDR4_ADDRESS_BLOCK}} {
      fail "the cell '$cell' has no addresses '$interface/$segment'"
    }
    return $path
  }
  found $cell/$interface subordinate
  if {"$interface/$segment" ni $::segments} { fail "the cell '$cell' has no addresses '$interface/$segment'" }
  return $path
}

proc connect_bd_net {args} {
  global driver
  set sources {}
  set sinks {}
  foreach path $args {
    if {[drives $path]} { lappend sources $path } else { lappend sinks $path }
  }
  if {[llength $sources] != 1} { fail "a net has one source; [llength $sources] are in {$args}" }
  foreach sink $sinks {
    if {[info exists driver($sink)]} { fail "'$sink' is driven by '$driver($sink)' already" }
    set driver($sink) [lindex $sources 0]
  }
}

proc connect_bd_intf_net {first second} {
  global linked edges
  set kinds {}
  set protocols {}
  foreach path [list $first $second] {
    if {[info exists edges($path)]} {
      # What leaves the design is a manager at its cell.
      lassign $edges($path) mode protocol
      lappend kinds [expr {$mode eq {Master} ? {subordinate} : {manager}}]
      lappend protocols $protocol
    } else {
      lassign [split $path /] cell pin
      lappend kinds [dict get [pins $cell] $pin]
      lappend protocols [protocol $cell $pin]
    }
    if {[info exists linked($path)]} { fail "'$path' is connected already" }
  }
  if {[lsort $kinds] ne {manager subordinate}} { fail "'$first' and '$second' are both [lindex $kinds 0]s" }
  lassign $protocols one other
  if {$one ne $other} { fail "'$first' is $one, '$second' is $other" }
  set linked($first) $second
  set linked($second) $first
}

proc assign_bd_address {args} {
  global addresses segments cells
  lassign [options $args] found rest
  if {[llength $rest] == 0} {
    foreach cell [array names cells] {
      if {$cells($cell) ne $::vlnv} { continue }
      foreach segment $segments {
        if {![info exists addresses($cell/$segment)]} { set addresses($cell/$segment) {anywhere 0} }
      }
    }
    return
  }
  set offset [dict get $found -offset]
  set range [dict get $found -range]
  if {![regexp {^(\d+)([KMG])$} $range _ count unit]} { fail "'$range' is no range" }
  set bytes [expr {$count * [dict get {K 1024 M 1048576 G 1073741824} $unit]}]
  if {$offset % $bytes} { fail "the addresses from $offset on are not aligned to $range" }
  set isMemory [string match */C0_DDR4_ADDRESS_BLOCK [lindex $rest 0]]
  lassign [reach $isMemory] first last
  if {$offset < $first || $offset + $bytes - 1 > $last} { fail "software does not reach $offset" }
  set addresses([lindex $rest 0]) [list $offset $bytes]
}

# The first and the last address of registers, or of memory, that software reaches.
proc reach {isMemory} {
  global cells
  foreach cell [array names cells] {
    switch -glob $cells($cell) {
      *:processing_system7 { return {0x40000000 0x7FFFFFFF} }
      *:zynq_ultra_ps_e { return {0xA0000000 0xAFFFFFFF} }
      *:xdma {
        if {$isMemory} { return {0 0xFFFFFFFF} }
        set unit [dict get {Kilobytes 1024 Megabytes 1048576} [setting $cell axilite_master_scale Megabytes]]
        return [list 0 [expr {[setting $cell axilite_master_size 1] * $unit - 1}]]
      }
    }
  }
  fail "no software reaches the block"
}

# Checks that a cell between buses has the clock of each.
proc checkClocks {cell} {
  set clocks {}
  dict for {pin kind} [pins $cell] {
    if {[regexp {^aclk\d*$} $pin]} { lappend clocks [clockAt $cell/$pin] }
  }
  dict for {pin kind} [pins $cell] {
    if {$kind ni {manager subordinate} || ![info exists ::linked($cell/$pin)]} { continue }
    lassign [split $::linked($cell/$pin) /] other end
    set clocked [clockPin $other $end]
    if {$clocked eq {}} { continue }
    set clock [clockAt $other/$clocked]
    if {$clock ni $clocks} { fail "'$cell' has no clock '$clock', that of '$other/$end'" }
  }
}

# Checks that what a cell has of the board leaves the design under the board's name.
proc checkBoardInterfaces {cell} {
  foreach {setting pin} {PCIE_BOARD_INTERFACE pcie_mgt C0_CLOCK_BOARD_INTERFACE C0_SYS_CLK C0_DDR4_BOARD_INTERFACE
    C0_DDR4 DIFF_CLK_IN_BOARD_INTERFACE CLK_IN_D SYS_RST_N_BOARD_INTERFACE sys_rst_n} {
    set name [setting $cell $setting]
    if {$name eq {}} { continue }
    set path $cell/$pin
    set other [expr {[info exists ::linked($path)] ? $::linked($path) : [clockAt $path]}]
    if {$other ne $name} { fail "'$path' is connected with '$other', not with the board's '$name'" }
  }
}

proc validate_bd_design {} {
  global cells driver linked addresses segments
  foreach cell [array names cells] {
    if {[string match *:smartconnect $cells($cell)]} { checkClocks $cell }
    checkBoardInterfaces $cell
    if {[string match *:ddr4 $cells($cell)]} {
      if {![info exists addresses($cell/C0_DDR4_MEMORY_MAP/C0_DDR4_ADDRESS_BLOCK)]} { fail "'$cell' has no addresses" }
    }
    dict for {pin kind} [pins $cell] {
      set path $cell/$pin
      # A stream at the edge of the block may be open; a bus with addresses may not.
      if {$kind eq "input" && ![info exists driver($path)] && $path ni $::open} { fail "nothing drives '$path'" }
      if {$kind in {manager subordinate} && ![info exists linked($path)] && $path ni $::open} {
        fail "'$path' is not connected"
      }
    }
    if {$cells($cell) eq $::vlnv} {
      foreach segment $segments {
        if {![info exists addresses($cell/$segment)]} { fail "'$cell/$segment' has no addresses" }
      }
    }
  }
  foreach port [array names ::edges] { if {![info exists linked($port)]} { fail "'$port' is not connected" } }
  foreach port [array names ::externals] {
    if {$::externals($port) eq "O" && ![info exists driver($port)]} { fail "nothing drives the port '$port'" }
  }
  set ::validated 1
}

proc save_bd_design {} { if {!$::validated} { fail "the block design is saved before it is validated" } }

proc make_wrapper {args} {
  lassign [options $args {-top}] found rest
  set design [file rootname [dict get $found -files]]
  set path [file join [dict get $::state folder] [dict get $::state name].gen sources_1 bd $design hdl ${design}_wrapper.v]
  lappend ::made $path
  return $path
}

# MARK: Builds

proc get_runs {name} { if {$name ni {synth_1 impl_1}} { fail "there is no run '$name'" }; return $name }

proc launch_runs {args} {
  lassign [options $args] found rest
  get_runs [lindex $rest 0]
  set folder [dict get $::state folder]
  set name [dict get $::state name]
  foreach path [list $name.runs/impl_1/system_wrapper.bit $name.gen/sources_1/bd/system/hw_handoff/system.hwh] {
    file mkdir [file dirname [file join $folder $path]]
    close [open [file join $folder $path] w]
  }
}

proc wait_on_run {name} { get_runs $name }
proc open_run {name} { get_runs $name }
proc get_timing_paths {args} { return path }

proc report {args} {
  lassign [options $args {-hierarchical}] found rest
  close [open [dict get $found -file] w]
}
interp alias {} report_timing_summary {} report
interp alias {} report_utilization {} report

proc write_hw_platform {args} {
  lassign [options $args {-fixed -include_bit -force}] found rest
  close [open [lindex $rest 0] w]
}

# MARK: Runs

foreach script [lrange $argv 1 end] {
  if {[catch {uplevel #0 [list source $script]} text]} {
    puts "[file tail $script]: $text"
    exit 1
  }
}
if {!$validated} { puts "the block design was not validated"; exit 1 }
puts "[array size cells] cells, [array size driver] pins, [expr {[array size linked] / 2}] buses"
